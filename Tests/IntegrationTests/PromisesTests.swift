import API
import Testing
import Vocabulary

/// The checker that tests of faults rely on sees each thing that must not be.
@Suite struct PromisesTests {
    private static let worker = WorkerID(1)

    private func attempt(
        _ trial: UInt32, _ number: UInt32, _ outcome: String?
    ) -> AttemptDocument {
        let id = AttemptID(trial: TrialID(sweep: SweepID(1), number: trial), number: number)
        return AttemptDocument(
            id: id, worker: Self.worker, workerName: "w1", started: Timestamp(milliseconds: 1),
            ended: Timestamp(milliseconds: 2), outcome: outcome, failure: nil, seconds: 1,
            message: "")
    }

    private func trial(_ number: UInt32, _ outcomes: [String] = ["succeeded"]) -> TrialDocument {
        let id = TrialID(sweep: SweepID(1), number: number)
        return TrialDocument(
            trial: TrialEntry(
                id: id, experiment: "Exp1", task: "search", state: .succeeded, failure: nil,
                objective: 1, parameters: [Assignment("x", .integer(Int64(number)))],
                attempts: outcomes.count, created: Timestamp(milliseconds: 0),
                ended: Timestamp(milliseconds: 2)),
            seed: 1,
            attempts: outcomes.enumerated().map {
                attempt(number, UInt32($0.offset + 1), $0.element)
            }, metrics: [], artifacts: [], checkpoints: [])
    }

    private func curve(_ number: UInt32, _ steps: [UInt64] = [1, 2, 3]) -> CurveDocument {
        CurveDocument(
            trial: TrialID(sweep: SweepID(1), number: number), metric: "loss",
            points: steps.map { CurvePoint(step: $0, value: 0) })
    }

    private func broken(_ trials: [TrialDocument], _ curves: [CurveDocument]? = nil) -> [String] {
        Promises.broken(
            trials, curves ?? trials.map { curve($0.trial.id.value.number) }, count: 2, rounds: 3)
    }

    @Test func `a sweep in which a trial was lost and run again is whole`() {
        #expect(broken([trial(1), trial(2, ["failed", "succeeded"])]) == [])
    }

    @Test func `a trial that is missing, there twice or a copy of another is seen`() {
        #expect(broken([trial(1)]).count == 1)
        #expect(broken([trial(1), trial(2), trial(2)]).count == 2)
        var copy = trial(2)
        copy.trial.parameters = trial(1).trial.parameters
        #expect(broken([trial(1), copy]) == ["a configuration was tried twice"])
    }

    @Test func `a trial without a result, or with two, is seen`() {
        #expect(broken([trial(1), trial(2, ["succeeded", "succeeded"])]).count == 1)
        #expect(broken([trial(1), trial(2, ["succeeded", "failed"])]).count == 1)
        #expect(broken([trial(1), trial(2, ["failed"])]).count == 1)
        var open = trial(2)
        open.trial.state = .running
        #expect(broken([trial(1), open]) == ["trial 1.2 is running"])
        var skipping = trial(2)
        skipping.attempts[0].number = 2
        #expect(broken([trial(1), skipping]) == ["trial 1.2 has the attempts [2]"])
    }

    @Test(arguments: [[1, 3], [1, 2], [2, 3], [1, 2, 2, 3], [1, 2, 3, 4], []])
    func `a curve with a gap, a step twice or no end is seen`(_ steps: [UInt64]) {
        let trials = [trial(1), trial(2)]
        #expect(broken(trials, [curve(1), curve(2, steps)]).count == 1)
        #expect(broken(trials, [curve(1)]) == ["a curve is missing"])
    }
}
