import ConfigurationFiles
import Testing
import Vocabulary

struct DaemonConfigurationTests {
    private func lines(_ read: () throws(Diagnostics) -> Void) -> [String] {
        do throws(Diagnostics) {
            try read()
            return []
        } catch {
            return error.all.map { "\($0.line):\($0.column) \($0.field): \($0.message) \($0.fix)" }
        }
    }

    private func coordinator(_ text: String) -> [String] {
        lines { () throws(Diagnostics) in
            _ = try CoordinatorConfiguration.parse(text, file: "c.yaml")
        }
    }

    private func worker(_ text: String) -> [String] {
        lines { () throws(Diagnostics) in
            _ = try WorkerConfiguration.parse(text, file: "w.yaml")
        }
    }

    @Test func `a coordinator needs only a folder`() throws {
        let configuration = try CoordinatorConfiguration.parse("state: s", file: "c.yaml")
        #expect(configuration.state == "s")
        #expect(configuration.control.zeroMQ == "tcp://127.0.0.1:7801")
        #expect(configuration.artifacts == Endpoint(host: "127.0.0.1", port: 7802))
        #expect(configuration.http == Endpoint(host: "127.0.0.1", port: 7800))
        #expect(configuration.lease == .seconds(10))
        #expect(configuration.renewal == .seconds(2))
        #expect(configuration.adoption == .seconds(30))
    }

    @Test func `a coordinator's keys are read`() throws {
        let configuration = try CoordinatorConfiguration.parse(
            """
            state: /var/lib/picoml
            control: tcp://[fd00::1]:9001
            artifacts: tcp://host.example:9002
            http: http://0.0.0.0:80
            lease_seconds: 1m
            renew_seconds: 0.5
            adoption_seconds: 120
            users: {ann: {weight: 3, cpus: 64}, bo: {}, others: {cpus: 8}}
            """, file: "c.yaml")
        #expect(configuration.control == Endpoint(host: "fd00::1", port: 9001))
        #expect(configuration.control.zeroMQ == "tcp://[fd00::1]:9001")
        #expect(configuration.artifacts == Endpoint(host: "host.example", port: 9002))
        #expect(configuration.http.description == "0.0.0.0:80")
        #expect(configuration.lease == .seconds(60))
        #expect(configuration.renewal == .milliseconds(500))
        #expect(configuration.adoption == .seconds(120))
        #expect(configuration.users["ann"] == UserShares.Share(weight: 3, cpus: 64))
        #expect(configuration.users["bo"] == UserShares.Share())
        #expect(configuration.users["eve"] == UserShares.Share(cpus: 8))
        #expect(configuration.users[nil] == UserShares.Share(cpus: 8))
    }

    @Test(arguments: [
        ("state:", "1:1 state: `state` has no value."),
        ("{}", "1:1 state: A coordinator has no `state`."),
        ("stat: s", "1:1 stat: A coordinator has no key `stat`. Did you mean `state`?"),
        ("state: s\ncontrol: 7801", "2:10 control: Expected an address"),
        ("state: s\ncontrol: tcp://*:0", "2:10 control: Expected an address"),
        ("state: s\ncontrol: tcp://h:70000", "2:10 control: Expected an address"),
        ("state: s\nhttp: https://h:1", "2:7 http: Expected an address such as `http://"),
        (
            "state: s\nartifacts: tcp://127.0.0.1:7801",
            "2:1 artifacts: `artifacts` has the address of `control`. Choose another port."
        ),
        ("state: s\nlease_seconds: -1", "2:16 lease_seconds: Expected a time above zero"),
        ("state: s\nusers: [ann]", "2:8 users: Expected a mapping from users"),
        ("state: s\nusers: {ann: {weight: 0}}", "2:23 users.ann.weight: Expected"),
        (
            "state: s\nlease_seconds: 4", "2:16 renew_seconds: Renewing every 2.0 s does not keep "
        ),
    ])
    func `a wrong coordinator file is explained`(_ text: String, _ problem: String) {
        let found = coordinator(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(problem) ?? false, "\(found)")
    }

    @Test func `a worker's keys are read`() throws {
        let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
        let configuration = try WorkerConfiguration.parse(
            """
            coordinator:
              control: tcp://10.0.0.1:7801
              artifacts: tcp://10.0.0.1:7802
              server_key: "\(key)"
            state: w
            cpus: 8
            labels: {zone: b, rack: 12}
            gpus: [2, 0]
            time_limit: 8h
            idle_timeout: 90
            on_coordinator_lost: finish
            """, file: "w.yaml")
        #expect(configuration.control == [Endpoint(host: "10.0.0.1", port: 7801)])
        #expect(configuration.artifacts == [Endpoint(host: "10.0.0.1", port: 7802)])
        #expect(configuration.serverKey == key)
        #expect(configuration.cpus == 8)
        #expect(configuration.gpus == .only([2, 0]))
        #expect(
            configuration.lifetime
                == WorkerLifetime(
                    timeLimit: .seconds(28_800), idleTimeout: .seconds(90), onLoss: .finish))
        #expect(configuration.labels == Labels([Label("rack", "12"), Label("zone", "b")]))
        #expect(configuration.state == "w")
    }

    @Test(
        arguments: [
            ("all", .all), ("none", .only([])), ("[]", .only([])), ("[1]", .only([1])),
            ("2", nil), ("some", nil), ("[-1]", nil), ("[1, 1]", nil), ("[256]", nil),
        ] as [(String, DeviceChoice?)])
    func `GPUs to offer are chosen by position`(_ text: String, _ expected: DeviceChoice?) {
        let read = try? WorkerConfiguration.parse(
            """
            coordinator: {control: tcp://h:1, artifacts: tcp://h:2}
            state: w
            gpus: \(text)
            """, file: "w.yaml"
        ).gpus
        #expect(read == expected)
    }

    @Test(arguments: [
        ("[zone]", "3:9 labels: Expected a mapping from names to values"),
        ("{a b: c}", "3:10 labels.a b: `a b` cannot be the name of a label. Use letters"),
        ("{zone: b c}", "3:16 labels.zone: Expected a word, found the text \"b c\". Use"),
        ("{zone: [b]}", "3:16 labels.zone: Expected a word, found a list."),
        ("{host: oven}", "3:10 labels.host: A worker says `host` by itself. Delete the line"),
    ])
    func `a wrong label is explained`(_ labels: String, _ problem: String) {
        let text = """
            coordinator: {control: tcp://h:1, artifacts: tcp://h:2}
            state: w
            labels: \(labels)
            """
        let found = worker(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(problem) ?? false, "\(found)")
    }

    @Test func `a coordinator may be at one of several places`() throws {
        let configuration = try WorkerConfiguration.parse(
            """
            coordinator:
              control: ["tcp://10.0.0.1:7801", "tcp://10.0.0.2:7801"]
              artifacts: ["tcp://10.0.0.1:7802", "tcp://10.0.0.2:7802"]
            state: w
            """, file: "w.yaml")
        #expect(configuration.control.map(\.host) == ["10.0.0.1", "10.0.0.2"])
        #expect(configuration.artifacts.map(\.port) == [7802, 7802])
        let lopsided = worker(
            """
            coordinator:
              control: ["tcp://10.0.0.1:7801", "tcp://10.0.0.2:7801"]
              artifacts: tcp://10.0.0.1:7802
            state: w
            """)
        #expect(
            lopsided == [
                "2:3 coordinator: `control` and `artifacts` have different numbers of addresses: "
                    + "2 and 1. Give both for each place at which the coordinator may be, in one "
                    + "order."
            ])
        let none = worker("coordinator: {control: [], artifacts: []}\nstate: w")
        #expect(none.count == 2)
        let many = Array(repeating: "tcp://h:1", count: 9).joined(separator: ", ")
        #expect(
            worker("coordinator: {control: [\(many)], artifacts: tcp://h:2}\nstate: w").count == 1)
    }

    @Test func `a worker that has joined needs only a folder`() throws {
        let configuration = try WorkerConfiguration.parse("state: w", file: "w.yaml")
        #expect(configuration.state == "w")
        #expect(configuration.control == [])
        #expect(configuration.serverKey == nil)
    }

    @Test func `a wrong worker file is explained at once`() {
        #expect(
            worker("coordinator: {control: tcp://h:1, server_key: short}\ncpu: 0")
                == [
                    "1:1 state: A worker has no `state`. Add `state:` with the path of a folder.",
                    "1:14 coordinator.artifacts: `coordinator` has no `artifacts`. Add "
                        + "`artifacts:` with an address such as `tcp://127.0.0.1:7801`.",
                    "1:47 coordinator.server_key: Expected a key of 40 characters in Z85, found "
                        + "the text \"short\". ",
                    "2:1 cpu: A worker has no key `cpu`. Did you mean `cpus`?",
                ])
    }
}
