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
        let columns = columns(of: workers, now: now)
        let table = TextTable(
            columns.map(\.column), rows: workers.map { worker in columns.map { $0.cell(worker) } })
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

    private struct Column {
        var column: TextTable.Column
        var cell: (WorkerDocument) -> StyledText

        init(_ column: TextTable.Column, _ cell: @escaping (WorkerDocument) -> StyledText) {
            self.column = column
            self.cell = cell
        }

        /// What a worker says of itself.
        init(
            _ column: TextTable.Column, fact text: @escaping (WorkerFacts) -> String
        ) {
            self.init(column) { worker in
                let text = worker.facts.map(text) ?? ""
                return StyledText(text.isEmpty ? "–" : text)
            }
        }
    }

    /// The columns that say something of at least one worker.
    private static func columns(of workers: [WorkerDocument], now: Timestamp) -> [Column] {
        var columns = [
            Column(.init("ID", .right)) { StyledText("\($0.id)", .accent) },
            Column(.init("NAME", minimum: 6)) { StyledText($0.name) },
            Column(.init("STATE"), state),
        ]
        // Most are called as their hosts are.
        if workers.contains(where: { $0.facts.map(\.host) ?? $0.name != $0.name }) {
            columns.append(Column(.init("HOST", minimum: 6), fact: \.host))
        }
        columns += [
            Column(.init("CPUS", .right), { StyledText(cpus($0)) }),
            Column(
                .init("MEMORY", .right, rank: 5), fact: { HumanForm.bytes($0.memoryBytes) }),
        ]
        if workers.contains(where: { $0.facts?.devices.isEmpty == false }) {
            columns.append(Column(.init("GPUS", minimum: 8), fact: { gpus($0.devices) }))
        }
        if workers.contains(where: { $0.facts?.labels.isEmpty == false }) {
            columns.append(
                Column(
                    .init("LABELS", minimum: 16, rank: 1),
                    fact: { $0.labels.all.map(\.description).joined(separator: " ") }))
        }
        columns.append(
            Column(.init("RUNNING", minimum: 7)) { StyledText(running($0.running)) })
        if workers.contains(where: { $0.leaves != nil }) {
            columns.append(
                Column(.init("LEAVES", rank: 1)) { worker in
                    StyledText(
                        worker.leaves.map { "in \(HumanForm.span(from: now, to: $0))" } ?? "–")
                })
        }
        columns += [
            Column(.init("VERSION", minimum: 7, rank: 6), fact: \.software)
        ]
        if workers.contains(where: { $0.facts?.architecture.isEmpty == false }) {
            columns.append(
                Column(
                    .init("SYSTEM", rank: 7),
                    fact: { facts in
                        [facts.distribution, facts.architecture].filter { !$0.isEmpty }
                            .joined(separator: " ")
                    }))
        }
        return columns + [
            Column(.init("SINCE", rank: 2)) {
                StyledText($0.joined.map { HumanForm.age(of: $0, at: now) } ?? "never")
            },
            Column(.init("LET IN", rank: 4)) {
                StyledText(
                    $0.state == .pending ? "not yet" : HumanForm.age(of: $0.authorized, at: now))
            },
            Column(.init("BY", rank: 3)) { worker in
                StyledText(worker.token.map { "token \($0)" } ?? "hand")
            },
        ]
    }

    /// Those in use of those that there are: `6/8`; of one that is not connected, what there is.
    private static func cpus(_ worker: WorkerDocument) -> String {
        guard let all = worker.facts?.cpus else { return "–" }
        guard worker.state == .connected, let held = worker.cpusHeld else { return "\(all)" }
        // What it holds beyond them waits there, to begin at once when something ends.
        return "\(min(held, all))/\(all)"
    }

    /// GPUs of one name together: `2× H200`.
    private static func gpus(_ devices: [Device]) -> String {
        var counts: [(name: String, count: Int)] = []
        for device in devices {
            if let index = counts.firstIndex(where: { $0.name == device.name }) {
                counts[index].count += 1
            } else {
                counts.append((device.name, 1))
            }
        }
        return counts.map { entry in
            let name = entry.name.hasPrefix("NVIDIA ") ? "\(entry.name.dropFirst(7))" : entry.name
            return entry.count == 1 ? name : "\(entry.count)× \(name)"
        }.joined(separator: ", ")
    }

    private static func state(_ worker: WorkerDocument) -> StyledText {
        switch worker.state {
        case .connected where worker.exclusion != nil: StyledText("excluded", .bad)
        case .connected where worker.isDraining ?? false: StyledText("draining", .warning)
        case .connected: StyledText(worker.state.rawValue, .good)
        case .pending: StyledText(worker.state.rawValue, .warning)
        case .away: StyledText(worker.state.rawValue, .faint)
        case .revoked: StyledText(worker.state.rawValue, .bad)
        }
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
        return attempts.count == 1 ? first : "\(first) +\(attempts.count - 1)"
    }
}
