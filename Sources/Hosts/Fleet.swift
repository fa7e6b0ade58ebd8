import API
package import Client
package import ConfigurationFiles
import Vocabulary

/// The hosts of a command with what it takes to work on them.
package struct Fleet: Sendable {
    /// The hosts, in the order in which they are shown.
    package var hosts: [HostEntry]
    /// How they are reached.
    package var shell: SecureShell
    /// The coordinator that their workers work for; nil when no question is to be asked.
    package var client: CoordinatorClient?
    /// Where progress shows.
    package var board: HostBoard
    /// How many are worked on at the same time.
    package var width: Int
    /// How long a worker may take to join.
    package var patience: Duration

    /// Describes the hosts of a command; see the properties.
    package init(
        hosts: [HostEntry], shell: SecureShell, client: CoordinatorClient?, board: HostBoard,
        width: Int = 8, patience: Duration = .seconds(60)
    ) {
        self.hosts = hosts
        self.shell = shell
        self.client = client
        self.board = board
        self.width = width
        self.patience = patience
    }

    /// Brings all hosts to where a worker runs and has joined.
    package func up(
        _ program: HostProgram, token: JoinTokenSource
    ) async -> [HostResult] {
        await each { site throws(HostProblem) in
            try await site.carryOut(token: token, program: program) {
                report throws(HostProblem) in try HostPlan.up(site.host, report, program)
            }
        }
    }

    /// Gives hosts the program one by one, each after its trials; stops at the first that fails.
    package func upgrade(
        _ program: HostProgram, token: JoinTokenSource
    ) async -> [HostResult] {
        var results: [HostResult] = []
        for host in hosts {
            guard !results.contains(where: { $0.outcome == .failed }) else {
                board.tell(host.name, "not touched", .faint)
                results.append(HostResult(host, .skipped))
                continue
            }
            let site = HostSite(host: host, fleet: self)
            results.append(
                await site.result { () throws(HostProblem) in
                    try await site.carryOut(token: token, program: program) {
                        report throws(HostProblem) in try HostPlan.upgrade(host, report, program)
                    }
                })
        }
        return results
    }

    /// Ends the workers of all hosts; what they run only when `isAtOnce`.
    package func down(isAtOnce: Bool) async -> [HostResult] {
        await each { site throws(HostProblem) in
            try await site.carryOut { report throws(HostProblem) in
                HostPlan.down(report, isAtOnce: isAtOnce)
            }
        }
    }

    /// Tells the workers of all hosts to take no further trials, and waits until they have left
    /// when `waits`.
    package func drain(waits: Bool) async -> [HostResult] {
        await each { site throws(HostProblem) in try await site.drain(waits: waits) }
    }

    /// Looks at all hosts and changes nothing.
    package func status() async -> [HostResult] {
        await each { site throws(HostProblem) in try await site.look() }
    }

    /// Does `body` for every host, for `width` at the same time; a host that fails stops no other.
    private func each(
        _ body: @escaping @Sendable (HostSite) async throws(HostProblem) -> HostResult
    ) async -> [HostResult] {
        await withTaskGroup(of: (Int, HostResult).self) { group in
            var results = [HostResult?](repeating: nil, count: hosts.count)
            for (index, host) in hosts.enumerated() {
                if index >= width, let (done, result) = await group.next() {
                    results[done] = result
                }
                let site = HostSite(host: host, fleet: self)
                group.addTask {
                    let result = await site.result { () throws(HostProblem) in
                        try await body(site)
                    }
                    return (index, result)
                }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
    }
}
