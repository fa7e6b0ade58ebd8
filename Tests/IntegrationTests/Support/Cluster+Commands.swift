import API
import Client
import Foundation
import Testing
import Vocabulary

/// How a command ended.
struct CommandResult {
    let code: Int32
    let output: String
    let errors: String

    /// The output as JSON; throws when it is none.
    func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(output.utf8)) }
}

extension Cluster {
    /// Runs `picoml` with `arguments` to its end.
    func picoml(
        _ arguments: String..., within limit: Duration = .seconds(50)
    ) async throws -> CommandResult {
        let child = try launch(arguments[0], arguments)
        let code = try await child.end(within: limit)
        return CommandResult(code: code, output: child.output, errors: child.log)
    }

    /// Starts a worker and lets it in; waits until it has joined.
    func startWorker(
        _ name: String, cpus: Int = 1, options: [String] = [], prefix: [String] = []
    ) async throws -> ChildProcess {
        _ = try await client().authorize(name: name, key: try await key(of: name))
        let worker = try launchWorker(name, cpus: cpus, options: options, prefix: prefix)
        try await worker.says("joined as worker")
        return worker
    }

    /// The public key of a worker, which is made when there is none.
    func key(of name: String) async throws -> String {
        let made = try await picoml("worker", "key", "--state", "\(folder)/\(name)")
        try #require(made.code == 0, "\(made.errors)")
        return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts a worker and waits for nothing; `prefix` stands before its command.
    func launchWorker(
        _ name: String, cpus: Int = 1, options: [String] = [], prefix: [String] = []
    ) throws -> ChildProcess {
        try launch(
            name,
            [
                "worker", "run", "--state", "\(folder)/\(name)", "--coordinator",
                "\(state)/coordinator/worker.json", "--cpus", "\(cpus)", "--log-level", "debug",
            ] + options, prefix: prefix)
    }

    /// Submits a sweep file with `text` through the command line.
    func submit(_ text: String) async throws -> SweepSelector {
        try write(text, to: "sweep.yaml")
        let submitted = try await picoml("sweep", "submit", "sweep.yaml", "--json")
        try #require(submitted.code == 0, "\(submitted.errors)")
        let accepted = try APICoding.decode(
            SweepAccepted.self, from: Array(submitted.output.utf8))
        return .number(accepted.sweep.value)
    }

    /// All trials of a sweep, oldest first.
    func trials(of sweep: SweepSelector) async throws -> [TrialEntry] {
        try await client().trials(of: sweep, TrialQuery(limit: 500)).trials
    }

    /// All trials of a sweep with their attempts, oldest first.
    func documents(of sweep: SweepSelector) async throws -> [TrialDocument] {
        var documents: [TrialDocument] = []
        for trial in try await trials(of: sweep) {
            documents.append(try await client().trial(trial.id.value))
        }
        return documents
    }

    /// Waits until a sweep has ended.
    func ended(
        _ sweep: SweepSelector, within limit: Duration = .seconds(50)
    ) async throws -> SweepDocument {
        try await eventually("sweep \(sweep) has ended", within: limit) {
            let document = try await self.client().sweep(sweep)
            return document.sweep.phase.isFinal ? document : nil
        }
    }

    /// Waits until at least `count` trials of a sweep have a counted result.
    func succeeded(
        _ count: Int, of sweep: SweepSelector, within limit: Duration = .seconds(30)
    ) async throws {
        try await eventually("\(count) trials of sweep \(sweep) succeeded", within: limit) {
            try await self.client().sweep(sweep).sweep.trials.succeeded >= count
        }
    }

    /// Waits until exactly `count` trial processes live.
    func running(_ count: Int, within limit: Duration = .seconds(20)) async throws -> [TrialProcess]
    {
        try await eventually("\(count) trials run", within: limit) {
            let trials = ProcessTable.trials(under: self.folder)
            return trials.count == count ? trials : nil
        }
    }

    /// The worker called `name`, as the coordinator sees it.
    func worker(_ name: String) async throws -> WorkerDocument {
        try #require(try await client().workers().workers.first { $0.name == name })
    }
}

/// A sweep file of rehearsals that take `seconds` each, with `more` lines at its end.
func rehearsal(trials: Int, seconds: Double, more: String = "") -> String {
    """
    name: rehearsal
    metric: {name: loss, goal: minimize}
    trainer: rehearsal
    method: random
    trials: \(trials)
    parameters:
      rounds: 10
      seconds_per_round: \(seconds / 10)
      end: {min: 0.1, max: 0.9}
    \(more)

    """
}
