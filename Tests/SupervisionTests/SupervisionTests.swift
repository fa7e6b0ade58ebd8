import Glibc
import Logging
import Supervision
import Testing

@Suite struct SupervisionTests {
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let process: Int32 = 4711

    private func notification(_ environment: [String: String]) -> ServiceNotification? {
        ServiceNotification(environment: environment, process: process, logger: silent)
    }

    /// A name that no other test has.
    private func name(_ prefix: String) -> String {
        "\(prefix)picoml-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    }

    @Test(arguments: ["/tmp/", "@"])
    func `a supervisor hears what the service says`(prefix: String) throws {
        let supervisor = try Supervisor(at: name(prefix))
        let service = try #require(notification(["NOTIFY_SOCKET": supervisor.address]))
        service.send(.ready, .status("serving"))
        service.send(.alive)
        service.send(.stopping)
        #expect(supervisor.heard() == ["READY=1\nSTATUS=serving", "WATCHDOG=1", "STOPPING=1"])
    }

    @Test func `a status cannot say anything else`() throws {
        let supervisor = try Supervisor(at: name("@"))
        let service = try #require(notification(["NOTIFY_SOCKET": supervisor.address]))
        service.send(.status("a\nSTOPPING=1\r\nb"))
        #expect(supervisor.heard() == ["STATUS=a STOPPING=1 b"])
    }

    @Test(arguments: ["", "@", "/", "relative", String(repeating: "/a", count: 54), "vsock:2:1"])
    func `an address that is none is left alone`(address: String) {
        #expect(notification(["NOTIFY_SOCKET": address]) == nil)
    }

    @Test func `the longest address is heard`() throws {
        let start = name("@")
        let rest = String(repeating: "x", count: 107 - start.utf8.count)
        let supervisor = try Supervisor(at: start + rest)
        let service = try #require(notification(["NOTIFY_SOCKET": supervisor.address]))
        service.send(.ready)
        #expect(supervisor.heard() == ["READY=1"])
    }

    @Test func `a supervisor that went away costs nothing and is heard of again`() throws {
        let address = name("/tmp/")
        let service = try #require(notification(["NOTIFY_SOCKET": address]))
        service.send(.ready)
        let supervisor = try Supervisor(at: address)
        service.send(.alive)
        #expect(supervisor.heard() == ["WATCHDOG=1"])
    }

    @Test func `the watchdog is for the process that it names`() throws {
        let socket = ["NOTIFY_SOCKET": name("@"), "WATCHDOG_USEC": "30000000"]
        func watchdog(_ changes: [String: String]) -> Duration? {
            notification(socket.merging(changes) { $1 })?.watchdog
        }
        #expect(watchdog([:]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_PID": "4711"]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_PID": "4712"]) == nil)
        for wrong in ["0", "-1", "", "soon", "99999999999999999999"] {
            #expect(watchdog(["WATCHDOG_USEC": wrong]) == nil)
        }
    }

    @Test func `what was taken from the environment no child finds`() async {
        // In a process of its own: other tests read the environment.
        await #expect(processExitsWith: .success) {
            let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let supervisor = try Supervisor(at: "@picoml-\(getpid())")
            unsafe setenv("NOTIFY_SOCKET", supervisor.address, 1)
            unsafe setenv("WATCHDOG_USEC", "1000000", 1)
            unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
            let service = try #require(ServiceNotification.take(logger: silent))
            service.send(.ready)
            #expect(service.watchdog == .seconds(1))
            #expect(supervisor.heard() == ["READY=1"])
            for variable in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] {
                #expect(unsafe getenv(variable) == nil)
            }
            #expect(ServiceNotification.take(logger: silent) == nil)
        }
    }

    @Test func `a loop that turns fast beats once a period, one that hangs not at all`() throws {
        let supervisor = try Supervisor(at: name("@"))
        let service = try #require(
            notification(["NOTIFY_SOCKET": supervisor.address, "WATCHDOG_USEC": "3600000000"]))
        var heartbeat = Heartbeat(service)
        #expect(heartbeat.wait(nil) == .zero)
        #expect(supervisor.heard().isEmpty)
        for _ in 0..<1000 { heartbeat.beat() }
        #expect(supervisor.heard() == ["WATCHDOG=1"])
        let rest = try #require(heartbeat.wait(nil))
        #expect(rest > .seconds(1700) && rest <= .seconds(1800))
        #expect(heartbeat.wait(.seconds(5)) == .seconds(5))
        #expect(heartbeat.wait(.seconds(7200)).map { $0 <= .seconds(1800) } == true)
    }

    @Test func `a loop beats again when half the time is over`() throws {
        let supervisor = try Supervisor(at: name("@"))
        let service = try #require(
            notification(["NOTIFY_SOCKET": supervisor.address, "WATCHDOG_USEC": "20000"]))
        var heartbeat = Heartbeat(service)
        let deadline = ContinuousClock.now + .seconds(20)
        var count = 0
        while count < 3 && ContinuousClock.now < deadline {
            heartbeat.beat()
            count += supervisor.heard().count
        }
        #expect(count == 3)
    }

    @Test func `without a watchdog a loop waits as it likes and says nothing`() throws {
        let supervisor = try Supervisor(at: name("@"))
        let service = try #require(notification(["NOTIFY_SOCKET": supervisor.address]))
        for unwatched in [nil, service] {
            var heartbeat = Heartbeat(unwatched)
            heartbeat.beat()
            #expect(heartbeat.wait(nil) == nil)
            #expect(heartbeat.wait(.seconds(7200)) == .seconds(7200))
        }
        #expect(supervisor.heard().isEmpty)
    }
}
