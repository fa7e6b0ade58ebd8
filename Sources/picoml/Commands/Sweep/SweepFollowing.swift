import API
import ArgumentParser
import Client

/// Shows a sweep until it ends and ends the process as the sweep ended.
struct SweepFollowing {
    let client: CoordinatorClient
    let output: OutputOptions

    func run(_ selector: SweepSelector) async throws {
        let terminal = output.terminal
        var display = LiveDisplay(terminal: terminal, write: output.write)
        let last = try await SweepWatch(client).follow(selector) { document in
            guard !output.json else { return }
            display.show(
                WatchView.frame(document, on: terminal.page),
                summary: WatchView.summary(document))
        }
        if output.json || !terminal.isLive {
            let leaders = try await client.trials(
                of: selector, TrialQuery(order: .objective, limit: 10))
            try output.show(last) {
                SweepViews.show(last, leaders: leaders.trials, on: $0, now: .now)
            }
        }
        let status = SweepWatch.status(of: last.sweep.phase)
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
