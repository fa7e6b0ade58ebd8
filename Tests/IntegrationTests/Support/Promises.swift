import API
import Vocabulary

/// What holds of every sweep that ran to its end, whatever befell hosts and networks meanwhile.
enum Promises {
    /// Says of `trials` and their learning curves what should not be; empty when all is well.
    ///
    /// The sweep was to have `count` trials, and each curve the steps from 1 to `rounds`.
    static func broken(
        _ trials: [TrialDocument], _ curves: [CurveDocument], count: Int, rounds: UInt64
    ) -> [String] {
        var broken: [String] = []
        let numbers = trials.map { Int($0.trial.id.value.number) }
        if numbers != Array(1...count) {
            broken.append("the trials are \(numbers), not 1 to \(count)")
        }
        if Set(trials.map(\.trial.parameters)).count != trials.count {
            broken.append("a configuration was tried twice")
        }
        for trial in trials { broken += Self.broken(trial) }
        for curve in curves where curve.points.map(\.step) != Array(1...rounds) {
            broken.append("the curve of \(curve.trial) has the steps \(curve.points.map(\.step))")
        }
        if curves.map(\.trial) != trials.map(\.trial.id) { broken.append("a curve is missing") }
        return broken
    }

    private static func broken(_ document: TrialDocument) -> [String] {
        let trial = document.trial
        let attempts = document.attempts
        var broken: [String] = []
        if trial.state != .succeeded { broken.append("trial \(trial.id) is \(trial.state)") }
        let counted = attempts.filter { $0.outcome == "succeeded" }
        if counted.count != 1 || attempts.last?.outcome != "succeeded" {
            let outcomes = attempts.map { $0.outcome ?? "nothing" }
            broken.append("trial \(trial.id) has the outcomes \(outcomes)")
        }
        if attempts.map(\.number) != (1...UInt32(max(1, attempts.count))).map(\.self) {
            broken.append("trial \(trial.id) has the attempts \(attempts.map(\.number))")
        }
        return broken
    }
}
