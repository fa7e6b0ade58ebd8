import API
import ArgumentParser
import Client
import Dispatch
import Glibc

/// Shows a sweep until it ends and ends the process as the sweep ended.
struct SweepFollowing {
    let client: CoordinatorClient
    let output: OutputOptions

    func run(_ selector: SweepSelector) async throws {
        let terminal = output.terminal
        var display = LiveDisplay(terminal: terminal, write: output.write)
        let interrupt = leavingOnInterrupt(selector)
        defer { interrupt.cancel() }
        let last = try await SweepWatch(client).follow(selector) { document in
            guard !output.json else { return }
            display.show(
                WatchView.frame(document, on: terminal.page),
                summary: WatchView.summary(document), isLast: document.sweep.phase.isFinal)
        } miss: { document in
            guard !output.json else { return }
            display.show(
                WatchView.frame(document, on: terminal.page, isAnswered: false),
                summary: WatchView.silence(document))
        }
        if output.json || !terminal.isLive {
            let leaders = try await client.trials(
                of: .number(last.sweep.id.value), TrialQuery(order: .objective, limit: 10))
            try output.show(last) {
                SweepViews.show(last, leaders: leaders.trials, on: $0, now: .now)
            }
        }
        let status = SweepWatch.status(of: last.sweep.phase)
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// Says on Control-C that the sweep goes on, and ends the process as the signal would.
    private func leavingOnInterrupt(_ selector: SweepSelector) -> any DispatchSourceSignal {
        let output = output
        // The source sees the signal only when its own action does not end the process first.
        _ = signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            // The terminal has shown ^C in the line of the cursor.
            if output.terminal.isLive { output.write("\n") }
            output.note("No longer watching; the sweep goes on: `picoml sweep watch \(selector)`")
            exit(128 + SIGINT)
        }
        source.resume()
        return source
    }
}
