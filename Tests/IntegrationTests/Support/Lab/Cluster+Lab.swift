import API
import Client
import Testing
import Vocabulary

extension Cluster {
    /// Gives `body` an empty cluster and a lab with `hosts`, and ends both in any outcome.
    static func run(
        on hosts: [String], timing: String = briskTiming,
        _ body: (Cluster, Lab) async throws -> Void
    ) async throws {
        try await run(timing: timing) { cluster in
            let lab = try await Lab.up(hosts, in: cluster.folder)
            do {
                try await body(cluster, lab)
            } catch {
                try await lab.down()
                throw error
            }
            try await lab.down()
        }
    }

    /// Starts the coordinator on a host, where others reach it at the host's address, and waits
    /// until it serves; `wrapper` stands before its command.
    @discardableResult
    func startCoordinator(
        on host: String, of lab: Lab, through wrapper: [String] = []
    ) async throws -> ChildProcess {
        let address = try lab.address(of: host)
        let port: UInt16 = 7800
        let coordinator = try launch(
            "coordinator",
            [
                "coordinator", "--log-level", "debug", "--config", "coordinator.yaml",
                "--control", "tcp://\(address):7801", "--artifacts", "tcp://\(address):7802",
                "--http", "127.0.0.1:\(port)",
            ], prefix: lab.prefix(for: host) + wrapper)
        try await coordinator.says("serving at")
        try ask(through: Relay(to: port, of: host, in: lab))
        return coordinator
    }

    /// Starts a worker on each of `hosts`, called as the host is, and waits until all have joined.
    @discardableResult
    func startWorkers(
        on hosts: [String], of lab: Lab, token: IssuedToken? = nil
    ) async throws -> [ChildProcess] {
        let token =
            if let token { token } else { try await self.token("--uses", "\(hosts.count)") }
        let workers = try hosts.map {
            try launchJoining($0, token, prefix: lab.prefix(for: $0))
        }
        for worker in workers { try await worker.says("joined as worker") }
        return workers
    }

    /// Waits until the coordinator takes `host` for connected, or for away.
    func sees(
        _ host: String, _ state: WorkerDocument.State, within limit: Duration = .seconds(15)
    ) async throws {
        try await eventually("\(host) is \(state)", within: limit) {
            try await self.worker(host).state == state
        }
    }

    /// What is wrong with a sweep of `count` rehearsals that has ended; see `Promises`.
    func brokenPromises(of sweep: SweepSelector, trials count: Int) async throws -> [String] {
        let trials = try await documents(of: sweep)
        var curves: [CurveDocument] = []
        for trial in trials {
            curves.append(try await client().curve(of: trial.trial.id.value, CurveQuery()))
        }
        return Promises.broken(trials, curves, count: count, rounds: 10)
    }
}
