import API
import Registry
import Scheduling
import Testing
import Vocabulary

/// Workers, the registry and the counters over HTTP.
@Suite(.timeLimit(.minutes(2))) struct WorkerAndModelRouteTests {
    private let key = String(repeating: "k", count: 40)

    @Test func `a worker is let in, drained and revoked`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.post(
                .workers, WorkerAuthorization(name: "oven", key: key))
            #expect(reply.status == 201)
            #expect(reply.body == #"{"worker":"1"}"#)
            let away: WorkerPage = try await kitchen.get(.workers)
            #expect(away.workers.map(\.state) == [.away])
            #expect(away.workers.map(\.facts) == [nil])
            let early = try await change(kitchen, .drain)
            #expect(early.status == 409)
            try await kitchen.desk.connectWorker(timeLeft: .seconds(90))
            _ = try await kitchen.submit()
            let busy: WorkerPage = try await kitchen.get(.workers)
            #expect(busy.workers.map(\.state) == [.connected])
            #expect(busy.workers.first?.facts?.host == "kitchen")
            #expect(busy.workers.first?.running == ["1.1#1", "1.4#1"])
            #expect(busy.workers.first?.cpusHeld == 2)
            let worker = try #require(busy.workers.first)
            let joined = try #require(worker.joined)
            #expect(worker.leaves?.milliseconds == joined.milliseconds + 90_000)
            #expect(busy.workers.map(\.isDraining) == [false])
            #expect(try await change(kitchen, .drain).status == 200)
            let drained: WorkerPage = try await kitchen.get(.workers)
            #expect(drained.workers.map(\.isDraining) == [true])
            #expect(try await change(kitchen, .revoke).status == 200)
            let gone: WorkerPage = try await kitchen.get(.workers)
            #expect(gone.workers.map(\.state) == [.revoked])
            #expect(gone.workers.map(\.leaves) == [nil])
            let unknown = try await kitchen.send("POST", "/api/v1/workers/9/drain", body: "")
            #expect(unknown.status == 404)
        }
    }

    private func change(_ kitchen: Kitchen, _ action: WorkerAction) async throws -> Reply {
        let path = APIPath.changeWorker(WorkerID(1), action)
        return try await kitchen.send("POST", path.text, body: "")
    }

    @Test(arguments: ["", "short", String(repeating: "k", count: 39) + "~"])
    func `a key that is none is refused`(_ key: String) async throws {
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.post(
                .workers, WorkerAuthorization(name: "oven", key: key))
            #expect(reply.status == 422)
            let nameless = try await kitchen.post(
                .workers, WorkerAuthorization(name: "", key: self.key))
            #expect(nameless.status == 422)
        }
    }

    @Test func `status counts what there is`() async throws {
        try await Kitchen.open(records: Self.registry) { kitchen in
            _ = try await kitchen.submit()
            try await kitchen.desk.connectWorker(cpus: 2)
            let status: StatusDocument = try await kitchen.get(.status)
            #expect(status.version == Software.version)
            #expect(status.openSweeps == 1)
            #expect(status.trials == TrialCounts(waiting: 3, running: 2))
            #expect(status.connectedWorkers == 1)
            #expect(status.cpus == 2)
            #expect(status.models == 1)
        }
    }

    @Test func `a model shows its champion, versions and history`() async throws {
        try await Kitchen.open(records: Self.registry) { kitchen in
            let page: ModelPage = try await kitchen.get(.models)
            #expect(page.models == [ModelEntry(name: "demand", champion: 1, versions: 2)])
            let model: ModelDocument = try await kitchen.get(.model("demand"))
            #expect(model.champion?.version.number == 1)
            #expect(model.champion?.parameters == [Assignment("eta", .float(0.25))])
            #expect(model.versions.map(\.number) == [2, 1])
            #expect(model.aliases == [AliasDocument(name: "champion", version: 1)])
            #expect(model.history.map(\.decision) == ["d1"])
            let version: VersionDocument = try await kitchen.get(
                .version(model: "demand", number: 2))
            #expect(version.seed == "18446744073709551615")
            #expect(version.version.aliases.isEmpty)
            for path in [
                APIPath.model("supply"), .version(model: "demand", number: 3),
                .version(model: "supply", number: 1),
            ] {
                #expect(try await kitchen.send("GET", path.text).status == 404)
            }
        }
    }

    @Test func `a person promotes and rolls back, and the audit says who and why`() async throws {
        try await Kitchen.open(records: Self.registry) { kitchen in
            let promotion = PromotionRequest(
                version: 2, reason: "fresher", actor: "ada", decision: "d2")
            for _ in 0..<2 {
                let reply = try await kitchen.post(.promote(model: "demand"), promotion)
                #expect(reply.status == 200)
                #expect(reply.body == #"{"model":"demand","version":2}"#)
            }
            let back = try await kitchen.post(
                .rollback(model: "demand"), RollbackRequest(reason: "worse on Sundays"))
            #expect(back.body == #"{"model":"demand","version":1}"#)
            let model: ModelDocument = try await kitchen.get(.model("demand"))
            #expect(model.history.map(\.actor) == ["person:api", "person:ada", "gate"])
            #expect(
                model.history.map(\.reason) == ["worse on Sundays", "fresher", "the first"])
            #expect(model.history.map(\.to) == [1, 2, 1])
            let nothing = try await kitchen.post(
                .rollback(model: "demand"), RollbackRequest(reason: "again"))
            #expect(nothing.status == 409)
        }
    }

    @Test func `a promotion needs a known version and a reason`() async throws {
        try await Kitchen.open(records: Self.registry) { kitchen in
            func status(_ model: String, _ version: UInt32, _ reason: String) async throws -> Int {
                try await kitchen.post(
                    .promote(model: model), PromotionRequest(version: version, reason: reason)
                ).status
            }
            #expect(try await status("demand", 9, "why not") == 404)
            #expect(try await status("supply", 1, "why not") == 404)
            #expect(try await status("demand", 2, " \n") == 422)
            #expect(
                try await status(
                    "demand", 2, String(repeating: "a", count: Limits.messageBytes + 1)) == 422)
            let empty = try await kitchen.send(
                "POST", APIPath.promote(model: "demand").text, body: "{}")
            #expect(empty.status == 400)
        }
    }

    private static let registry: [Scheduling.Record] =
        [version(1), version(2)].map { .registryChanged(.versionRegistered($0)) } + [
            .registryChanged(
                .aliasMoved(
                    AliasMove(
                        model: "demand", alias: "champion", from: nil, to: 1, decision: "d1",
                        actor: "gate", reason: "the first")))
        ]

    private static func version(_ number: UInt32) -> ModelVersion {
        let sweep = SweepID(1)
        return ModelVersion(
            model: "demand", number: number, artifacts: [],
            lineage: Lineage(
                sweep: sweep, trial: TrialID(sweep: sweep, number: number), experiment: "Exp1",
                trainer: .noop, parameters: [Assignment("eta", .float(0.25))], seed: .max,
                data: nil, software: "0.1.0", metrics: [Metric("rmse", 1.5)]))
    }
}
