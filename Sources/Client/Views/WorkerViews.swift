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
            return
                "There are no workers. `picoml coordinator token create` makes what one joins with."
        }
        var table = TextTable([
            .init("ID", .right), .init("NAME", minimum: 6), .init("STATE"),
            .init("HOST", minimum: 6), .init("CPUS", .right), .init("MEMORY", .right, rank: 4),
            .init("RUNNING", minimum: 7), .init("VERSION", minimum: 7, rank: 5),
            .init("SINCE", rank: 1), .init("LET IN", rank: 3), .init("BY", rank: 2),
        ])
        table.rows = workers.map { worker in
            let tone: Tone =
                switch worker.state {
                case .connected: .good
                case .pending: .warning
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
                StyledText(
                    worker.state == .pending
                        ? "not yet" : HumanForm.age(of: worker.authorized, at: now)),
                StyledText(worker.token.map { "token \($0)" } ?? "hand"),
            ]
        }
        var lines = table.lines(width: paper.width)
        for worker in workers where worker.state == .connected {
            guard let reason = worker.exclusion else { continue }
            lines += paper.wrapped(
                "Worker \(worker.id) gets no trials for a while: \(reason)", .warning)
        }
        for worker in workers where worker.state == .pending {
            let age = HumanForm.age(of: worker.authorized, at: now)
            lines += paper.wrapped(
                "Worker \(worker.id) asked to be let in \(age): picoml worker approve "
                    + "\(worker.id)", .warning)
        }
        return paper.text(lines)
    }

    /// A line for each join token; only those in force unless `showsAll`.
    package static func tokens(
        _ page: TokenPage, showsAll: Bool, on paper: Page, now: Timestamp
    ) -> String {
        let tokens = page.tokens.filter { showsAll || $0.state == .live }
        guard !tokens.isEmpty else {
            return "No join token is in force. Make one with `picoml coordinator token create`."
        }
        var table = TextTable([
            .init("ID", .right), .init("STATE"), .init("USED", .right), .init("OF", .right),
            .init("APPROVAL", rank: 1), .init("CREATED", rank: 2), .init("EXPIRES"),
        ])
        table.rows = tokens.map { token in
            [
                StyledText("\(token.id)", .accent),
                StyledText(word(for: token.state), token.state == .live ? .good : .faint),
                StyledText("\(token.used)"), StyledText("\(token.uses)"),
                StyledText(token.needsApproval ? "each" : "–"),
                StyledText(HumanForm.age(of: token.created, at: now)),
                StyledText(
                    token.state == .live
                        ? "in \(HumanForm.span(from: now, to: token.expires))" : "–"),
            ]
        }
        return paper.text(table.lines(width: paper.width))
    }

    private static func word(for state: TokenDocument.State) -> String {
        state == .usedUp ? "used up" : state.rawValue
    }

    private static func running(_ attempts: [String]) -> String {
        guard let first = attempts.first else { return "–" }
        return attempts.count == 1 ? first : "\(first) and \(attempts.count - 1) more"
    }
}
