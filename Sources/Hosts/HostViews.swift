package import Client
import ConfigurationFiles

/// Hosts as text.
package enum HostViews {
    /// A line for each host, and below them what went wrong and what to do about it.
    package static func table(_ results: [HostResult], on paper: Page) -> String {
        var table = TextTable([
            .init("HOST", minimum: 6), .init("STATE"), .init("VERSION", minimum: 7, rank: 2),
            .init("RUNS AS", rank: 3), .init("WORKER", .right, rank: 1),
            .init("TRIALS", minimum: 6), .init("DONE", minimum: 8, rank: 4),
        ])
        table.rows = results.map { result in
            [
                StyledText(result.name, .accent),
                StyledText(result.outcome.rawValue, tone(of: result.outcome)),
                StyledText(result.version ?? "–"), StyledText(result.service?.rawValue ?? "–"),
                StyledText(result.worker ?? "–"), StyledText(running(result.running)),
                StyledText(result.notes.isEmpty ? "–" : result.notes.joined(separator: ", ")),
            ]
        }
        var lines = table.lines(width: paper.width)
        for result in results {
            guard let problem = result.problem else { continue }
            let fix = result.fix.map { " \($0)" } ?? ""
            lines += paper.wrapped("\(result.name): \(problem)\(fix)", .warning)
        }
        return paper.text(lines)
    }

    private static func tone(of outcome: HostResult.Outcome) -> Tone {
        switch outcome {
        case .joined: .good
        case .running, .draining: .warning
        case .stopped, .skipped: .faint
        case .failed: .bad
        }
    }

    private static func running(_ attempts: [String]) -> String {
        guard let first = attempts.first else { return "–" }
        return attempts.count == 1 ? first : "\(first) and \(attempts.count - 1) more"
    }
}
