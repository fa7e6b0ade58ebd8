import API
package import ConfigurationFiles

/// How a host stands: what the commands show of it, and print as JSON.
package struct HostResult: Hashable, Sendable, Codable {
    /// What became of it.
    package enum Outcome: String, Hashable, Sendable, Codable {
        /// A worker runs there and has joined.
        case joined
        /// A worker runs there, and the coordinator does not see it.
        case running
        /// No worker runs there.
        case stopped
        /// A worker takes no further trials and goes on with what it runs.
        case draining
        /// What was asked could not be done.
        case failed
        /// Nothing was done, because another host failed before.
        case skipped
    }

    /// The name of the host and its worker.
    package var name: String
    /// What ssh connects to.
    package var address: String
    /// What became of it.
    package var outcome: Outcome
    /// Who looks after the worker; nil for none.
    package var service: HostEntry.Service?
    /// The version of the program that is there.
    package var version: String?
    /// The worker's number, from the coordinator.
    package var worker: String?
    /// The executions that the worker holds.
    package var running: [String] = []
    /// What went wrong; nil for nothing.
    package var problem: String?
    /// What to do about it.
    package var fix: String?
    /// What was done, in words.
    package var notes: [String] = []

    /// A host that stands as `outcome` says.
    package init(_ host: HostEntry, _ outcome: Outcome) {
        name = host.name
        address = host.address
        self.outcome = outcome
    }

    /// A host on which something failed.
    package init(_ host: HostEntry, _ problem: HostProblem) {
        self.init(host, .failed)
        fail(problem)
    }

    /// Says that what was asked could not be done.
    package mutating func fail(_ problem: HostProblem) {
        outcome = .failed
        self.problem = problem.message
        fix = problem.fix.isEmpty ? nil : problem.fix
    }

    /// Takes over what the coordinator knows of the host's worker.
    mutating func take(_ worker: WorkerDocument?) {
        guard let worker else { return }
        self.worker = worker.id.description
        running = worker.state == .connected ? worker.running : []
    }
}
