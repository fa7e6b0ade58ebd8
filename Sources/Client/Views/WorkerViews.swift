package import API
import Vocabulary

/// Workers as text.
package enum WorkerViews {
    /// A line for each worker; revoked ones only when `showsRevoked`.
    package static func list(
        _ page: WorkerPage, showsRevoked: Bool, on paper: Page, now: Timestamp
    ) -> String {
        let workers = page.workers.filter { showsRevoked || $0.state != .revoked }
        guard !workers.isEmpty else {
            return "There are no workers. Start one with `picoml worker`."
        }
        var table = TextTable([
            .init("ID", .right), .init("NAME", minimum: 6), .init("STATE"),
            .init("HOST", minimum: 6), .init("CPUS", .right), .init("MEMORY", .right, rank: 2),
            .init("RUNNING", minimum: 7), .init("VERSION", minimum: 7, rank: 3),
            .init("SINCE", rank: 1),
        ])
        table.rows = workers.map { worker in
            let tone: Tone =
                switch worker.state {
                case .connected: .good
                case .away: .faint
                case .revoked: .bad
                }
            let isExcluded = worker.state == .connected && worker.exclusion != nil
            return [
                StyledText("\(worker.id)", .accent), StyledText(worker.name),
                isExcluded
                    ? StyledText("excluded", .bad) : StyledText(worker.state.rawValue, tone),
                StyledText(worker.facts?.host ?? "–"),
                StyledText(worker.facts.map { "\($0.cpus)" } ?? "–"),
                StyledText(worker.facts.map { HumanForm.bytes($0.memoryBytes) } ?? "–"),
                StyledText(running(worker.running)), StyledText(worker.facts?.software ?? "–"),
                StyledText(worker.joined.map { HumanForm.age(of: $0, at: now) } ?? "never"),
            ]
        }
        var lines = table.lines(width: paper.width)
        for worker in workers where worker.state == .connected {
            guard let reason = worker.exclusion else { continue }
            lines += paper.wrapped(
                "Worker \(worker.id) gets no trials for a while: \(reason)", .warning)
        }
        return paper.text(lines)
    }

    private static func running(_ attempts: [String]) -> String {
        guard let first = attempts.first else { return "–" }
        return attempts.count == 1 ? first : "\(first) and \(attempts.count - 1) more"
    }
}
