package import API
import Vocabulary

/// A sweep while it runs.
package enum WatchView {
    /// The whole picture for a terminal that can be drawn over; without `isAnswered` with a line
    /// that says that the coordinator is silent.
    package static func frame(
        _ document: SweepDocument, on paper: Page, isAnswered: Bool = true
    ) -> [StyledText] {
        let sweep = document.sweep
        let title =
            StyledText("Sweep \(sweep.id) ", .accent) + StyledText(sweep.name, .strong) + "  "
            + sweep.standing
        let (done, total) = progress(document)
        let share = "\(HumanForm.count(done))/\(HumanForm.count(total))"
        let left = document.secondsLeft.map { "  \(HumanForm.duration(seconds: $0)) left" } ?? ""
        let width = min(max(paper.width - share.count - left.count - 2, 10), 60)
        let bar = Drawing.bar(done: Double(done), of: Double(total), width: width)
        let counts = document.confirmations.map { "; to prove the winner: \($0.words)" } ?? ""
        var lines = [title, StyledText(bar, .good) + " \(share)\(left)"]
        lines += paper.wrapped(sweep.trials.words + counts, .faint) + [.empty]
        lines += SweepViews.experiments(document, width: paper.width)
        if let best = sweep.best {
            let title = sweep.phase == .searching ? "Best so far: " : "Best of the search: "
            lines += [.empty, StyledText(title) + self.best(best, sweep.objective)]
        }
        lines += SweepViews.verdict(document, on: paper)
        guard !isAnswered else { return lines }
        return lines + [.empty, StyledText(silence, .warning)]
    }

    private static let silence = "The coordinator does not answer; waiting for it."

    /// The line of a log that says that the coordinator is silent.
    package static func silence(_ document: SweepDocument) -> StyledText {
        StyledText("sweep \(document.sweep.id): \(silence)")
    }

    /// The state on one line, for logs and pipes.
    package static func summary(_ document: SweepDocument) -> StyledText {
        let sweep = document.sweep
        let (done, total) = progress(document)
        let running = sweep.trials.running + (document.confirmations?.running ?? 0)
        var line =
            StyledText("sweep \(sweep.id) ") + sweep.standing
            + ": \(done)/\(total) done, \(running) running, "
            + "\(sweep.trials.pruned) pruned, \(sweep.trials.failed) failed"
        if let best = sweep.best {
            line = line + "; best " + self.best(best, sweep.objective)
        }
        if let seconds = document.secondsLeft {
            line = line + "; \(HumanForm.duration(seconds: seconds)) left"
        }
        return line
    }

    private static func best(_ best: BestTrial, _ objective: Objective) -> StyledText {
        StyledText("\(objective.metric) \(HumanForm.number(best.objective))", .good)
            + " (\(best.experiment), trial \(best.trial))"
    }

    /// Trials that have ended and trials that there will be, those of the gate included.
    private static func progress(_ document: SweepDocument) -> (done: Int, total: Int) {
        let search = document.experiments
        let proof = document.confirmations ?? TrialCounts()
        let done = search.reduce(0) { $0 + $1.trials.ended } + proof.ended
        // A space with fewer points than its budget ends early: then what is there is all.
        let isSearching = document.sweep.phase == .searching
        let total = search.reduce(0) { $0 + (isSearching ? $1.total : $1.trials.created) }
        return (done, max(total + proof.created, done))
    }
}
