import API
import Client
import Testing
import Vocabulary

/// The views of sweeps against files that a person has read.
struct SweepViewTests {
    @Test func `a list of sweeps`() throws {
        let page = SweepPage(
            sweeps: [
                Samples.entry(),
                Samples.entry(.finished, name: "a name that goes on and on and on"),
                Samples.entry(.searching, paused: true), Samples.entry(.failed),
                Samples.entry(.cancelled),
            ], next: SweepID(8))
        try ViewCheck.check("sweep-list") { SweepViews.list(page, on: $0, now: Samples.now) }
    }

    @Test func `a sweep that runs`() throws {
        try ViewCheck.check("sweep-show") {
            SweepViews.show(
                Samples.sweep(), leaders: Samples.trials, on: $0, now: Samples.now)
        }
    }

    @Test func `a sweep whose winner was kept back by the gate`() throws {
        try ViewCheck.check("sweep-keep") {
            SweepViews.show(
                Samples.sweep(.finished, gate: Samples.keep), leaders: [], on: $0,
                now: Samples.now)
        }
    }

    @Test func `a sweep whose winner was promoted, with a warning in its file`() throws {
        let warning = Diagnostic(
            .warning, file: "sweep.yaml", line: 3, column: 1, field: "description",
            message: "This is not used.")
        try ViewCheck.check("sweep-promote") {
            SweepViews.show(
                Samples.sweep(
                    .finished, gate: Samples.promote, version: 3, warnings: [warning]),
                leaders: [], on: $0, now: Samples.now)
        }
    }

    @Test func `a frame of a watched sweep`() throws {
        try ViewCheck.check("watch") { $0.text(WatchView.frame(Samples.sweep(), on: $0)) }
        let summary = WatchView.summary(Samples.sweep()).rendered(isColoured: false)
        #expect(
            summary == "sweep 12 searching: 22/40 done, 4 running, 4 pruned, 1 failed; "
                + "best rmse 41.5371 (Exp3, trial 12.31); 1 min 23 s left")
    }

    @Test func `a frame says when the winner is proven and when the coordinator is silent`() {
        let document = Samples.sweep(.confirming, confirmations: TrialCounts(running: 3))
        let paper = Page(width: 100)
        let answered = paper.text(WatchView.frame(document, on: paper))
        #expect(answered.contains("; to prove the winner: 3 running, 0 failed"))
        #expect(answered.contains("Best of the search: rmse"))
        #expect(!answered.contains("does not answer"))
        let silent = paper.text(WatchView.frame(document, on: paper, isAnswered: false))
        #expect(silent == answered + "\n\nThe coordinator does not answer; waiting for it.")
        #expect(
            WatchView.silence(document).rendered(isColoured: false)
                == "sweep 12: The coordinator does not answer; waiting for it.")
    }
}
