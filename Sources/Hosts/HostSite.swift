import API
import Client
import ConfigurationFiles
import Vocabulary

/// One host while something is done there.
struct HostSite: Sendable {
    let host: HostEntry
    let fleet: Fleet

    /// How long steps may take before they are given up.
    private enum Patience {
        static let probe = Duration.seconds(60)
        static let copy = Duration.seconds(3600)
        static let start = Duration.seconds(240)
        static let stop = Duration.seconds(150)
        static let look = Duration.seconds(20)
    }

    /// What becomes of the host by `body`, whether or not that fails.
    func result(
        _ body: () async throws(HostProblem) -> HostResult
    ) async -> HostResult {
        do throws(HostProblem) {
            let result = try await body()
            tell(
                result.problem ?? result.outcome.rawValue,
                result.outcome == .failed ? .bad : .good)
            return result
        } catch {
            tell(error.message, .bad)
            return HostResult(host, error)
        }
    }

    /// Shows what goes on here.
    func tell(_ text: String, _ tone: Tone = .accent) { fleet.board.tell(host.name, text, tone) }

    /// What the host says of itself.
    func report() async throws(HostProblem) -> HostReport {
        tell("is looked at")
        let answer = try await fleet.shell.run(
            on: host, HostScript.command("probe", on: host), within: Patience.probe)
        return try HostReport(text: answer)
    }

    /// Asks the host, decides by `plan`, and does what that says.
    func carryOut(
        token: JoinTokenSource? = nil, program: HostProgram? = nil,
        _ decide: (HostReport) throws(HostProblem) -> HostPlan
    ) async throws(HostProblem) -> HostResult {
        let report = try await report()
        let plan = try decide(report)
        let part = report[plan.service]
        var result = HostResult(host, .stopped)
        result.version = part.version
        result.service = plan.steps.isEmpty ? nil : plan.service
        let before = try await worker()
        result.take(before)
        do throws(HostProblem) {
            for step in plan.steps {
                try await carryOut(step, of: plan, token, program, before: before, &result)
            }
        } catch {
            // What was done before stays true.
            result.fail(error)
            return result
        }
        if let program, report.running != nil, !plan.steps.contains(.start),
            part.program != program.digest
        {
            result.notes.append("has another program: `picoml hosts upgrade` replaces it")
        }
        return result
    }

    private func carryOut(
        _ step: HostPlan.Step, of plan: HostPlan, _ token: JoinTokenSource?,
        _ program: HostProgram?, before: WorkerDocument?, _ result: inout HostResult
    ) async throws(HostProblem) {
        switch step {
        case .place:
            guard let program else { return }
            result.version = try await place(program, plan)
            result.notes.append("copied")
        case .drain: try await rest()
        case .stop(let isAtOnce):
            tell("stops")
            try await run("stop", [isAtOnce ? "now" : "gently"], plan, within: Patience.stop)
            result.notes.append("stopped")
        case .start:
            tell("starts")
            try await start(token, plan)
            result.notes.append("started")
        case .join:
            let isFresh = plan.steps.contains(.start)
            result.take(try await joined(since: isFresh ? before?.joined : nil, plan))
            result.outcome = .joined
        case .remove: try await run("remove", [], plan, within: Patience.look)
        }
    }

    private func place(
        _ program: HostProgram, _ plan: HostPlan
    ) async throws(HostProblem) -> String? {
        let board = fleet.board
        let name = host.name
        let words = HostScript.command(
            "place", [program.digest.description], on: host, service: plan.service,
            usesSudo: plan.usesSudo)
        let answer = try await fleet.shell.run(
            on: host, words, input: .file(program.path), within: Patience.copy
        ) { part in
            board.tell(name, "copies the program", part: part, of: program.byteCount)
        }
        let line = answer.split(whereSeparator: \.isNewline).last { $0.hasPrefix("version ") }
        return line.map { String($0.dropFirst("version ".count)).clipped(to: 64) }
    }

    private func start(
        _ token: JoinTokenSource?, _ plan: HostPlan
    ) async throws(HostProblem) {
        let secret = try await token?.text() ?? ""
        let words = HostScript.command(
            "start", HostScript.startArguments(of: host, service: plan.service), on: host,
            service: plan.service, usesSudo: plan.usesSudo)
        _ = try await fleet.shell.run(
            on: host, words, input: .text(secret + "\n"), within: Patience.start)
    }

    @discardableResult
    private func run(
        _ step: String, _ arguments: [String], _ plan: HostPlan, within limit: Duration
    ) async throws(HostProblem) -> String {
        let words = HostScript.command(
            step, arguments, on: host, service: plan.service, usesSudo: plan.usesSudo)
        return try await fleet.shell.run(on: host, words, within: limit)
    }

    /// Waits until the coordinator sees the worker connected, later than at `former`.
    private func joined(
        since former: Timestamp?, _ plan: HostPlan
    ) async throws(HostProblem) -> WorkerDocument? {
        tell("waits until the worker has joined")
        let found = try await eventually(within: fleet.patience) { worker in
            worker?.state == .connected && (former == nil || worker?.joined != former)
        }
        if let found { return found }
        // What the worker itself says tells more; without it the sentence is whole all the same.
        let words = (try? await run("last_words", [], plan, within: Patience.look)) ?? ""
        let line = words.split(whereSeparator: \.isNewline).last.map { " It says: \($0)" } ?? ""
        throw HostProblem(
            "The worker has not joined within \(fleet.patience.components.seconds) s." + line,
            fix: try await isRevoked()
                ? "Its key was revoked: remove the worker's folder on the host, and it enrols as "
                    + "another one." : ShellFailure.reachFix)
    }
}

/// What is known of the host's worker.
extension HostSite {
    /// Whether every worker of the host's name was shut out.
    private func isRevoked() async throws(HostProblem) -> Bool {
        do throws(ClientError) {
            let named = try await fleet.client?.workers().workers.filter { $0.name == host.name }
            return named.map { !$0.isEmpty && $0.allSatisfy { $0.state == .revoked } } ?? false
        } catch {
            throw HostProblem(error)
        }
    }

    /// The newest worker of the host's name that may come in; nil for none, or when nobody is
    /// asked.
    func worker() async throws(HostProblem) -> WorkerDocument? {
        guard let client = fleet.client else { return nil }
        do throws(ClientError) {
            return try await client.workers().workers.last {
                $0.name == host.name && $0.state != .revoked
            }
        } catch {
            throw HostProblem(error)
        }
    }

    /// Asks the coordinator until `condition` holds; nil after `limit`, or at once when nobody is
    /// asked.
    private func eventually(
        within limit: Duration?, _ condition: (WorkerDocument?) -> Bool
    ) async throws(HostProblem) -> WorkerDocument? {
        let clock = ContinuousClock()
        let deadline = limit.map { clock.now + $0 }
        while fleet.client != nil {
            let worker = try await worker()
            if condition(worker) { return worker }
            if let worker, worker.state == .connected, !worker.running.isEmpty, limit == nil {
                tell("runs \(HumanForm.count(worker.running.count, "trial")) to the end")
            }
            if let deadline, clock.now >= deadline { return nil }
            do {
                try await clock.sleep(for: .milliseconds(500))
            } catch {
                throw HostProblem("Nobody waits any more.")
            }
        }
        return nil
    }

    /// Tells the worker to take no further trials, and waits until it has left.
    func rest() async throws(HostProblem) {
        guard try await askToDrain() != nil else { return }
        _ = try await eventually(within: nil) { $0?.state != .connected }
    }

    /// Tells the worker to take no further trials; nil when it is not connected.
    private func askToDrain() async throws(HostProblem) -> WorkerDocument? {
        guard let client = fleet.client, let worker = try await worker(),
            worker.state == .connected
        else { return nil }
        tell("takes no further trials")
        do throws(ClientError) {
            try await client.change(worker.id.value, .drain)
        } catch {
            // It may have left in between.
            guard try await self.worker()?.state == .connected else { return nil }
            throw HostProblem(error)
        }
        return worker
    }

    /// Drains the host's worker.
    func drain(waits: Bool) async throws(HostProblem) -> HostResult {
        guard let worker = try await askToDrain() else {
            var result = HostResult(host, .stopped)
            result.take(try await self.worker())
            return result
        }
        var result = HostResult(host, .draining)
        result.take(worker)
        guard waits else { return result }
        _ = try await eventually(within: nil) { $0?.state != .connected }
        result.outcome = .stopped
        result.running = []
        return result
    }

    /// Looks at the host and its worker.
    func look() async throws(HostProblem) -> HostResult {
        let report = try await report()
        var result = HostResult(host, .stopped)
        result.service = report.known
        result.version = report.known.flatMap { report[$0].version }
        let worker = try await worker()
        result.take(worker)
        guard report.running != nil else { return result }
        result.outcome = worker?.state == .connected ? .joined : .running
        return result
    }
}
