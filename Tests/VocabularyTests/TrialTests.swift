import Foundation
import Testing
import Vocabulary

@Suite struct `A failure class` {
    @Test func `keeps the name that files and programs know`() {
        #expect(
            FailureClass.allCases.map(\.rawValue) == [
                "trainer_error", "crash", "non_finite_metric", "metric_missing",
                "bad_code", "out_of_memory", "out_of_disk", "worker_lost", "timeout", "cancelled",
            ])
        for failure in FailureClass.allCases {
            #expect(FailureClass(rawValue: failure.rawValue) == failure)
        }
        #expect(FailureClass(rawValue: "TIMEOUT") == nil)
    }

    @Test(arguments: FailureClass.allCases)
    func `ends a trial for good`(failure: FailureClass) throws {
        #expect(TrialState.failed(failure).isFinal)
        let json = try JSONEncoder().encode([TrialState.failed(failure)])
        #expect(
            try JSONDecoder().decode([TrialState].self, from: json) == [.failed(failure)])
    }
}

@Suite struct `A trial's state` {
    @Test func `is final once the trial has ended`() {
        #expect(!TrialState.waiting.isFinal)
        #expect(!TrialState.running.isFinal)
        #expect(TrialState.succeeded.isFinal)
        #expect(TrialState.pruned.isFinal)
    }
}

@Suite struct `A result` {
    @Test func `knows its metrics by name`() {
        let attempt = AttemptID(trial: TrialID(sweep: SweepID(1), number: 1), number: 1)
        let result = AttemptResult(
            attempt: attempt, outcome: .succeeded,
            metrics: [Metric("rmse", 2), Metric("mae", 1)])
        #expect(result.value(of: "mae") == 1)
        #expect(result.value(of: "auc") == nil)
    }
}

@Suite struct `A lease` {
    private static func digest(_ byte: UInt8) throws -> Digest {
        try #require(Digest(bytes: [UInt8](repeating: byte, count: 32)))
    }

    private func lease(
        _ task: TrialTask, withData: Bool = true, withGate: Bool = true, model: [Digest] = []
    ) throws -> Lease {
        let data = PreparedData(
            spec: DataSpec(path: "demand.csv", target: "count"), source: try Self.digest(9),
            search: try Self.digest(1), searchBytes: 10,
            gate: withGate ? try Self.digest(2) : nil, gateBytes: 5, validationRows: 3)
        return Lease(
            attempt: AttemptID(trial: TrialID(sweep: SweepID(1), number: 1), number: 1),
            task: task, experiment: "Exp1", trainer: .xgboost, parameters: [], seed: 1, cpus: 1,
            timeLimit: nil, objective: Objective(metric: "rmse", goal: .minimize),
            data: withData ? data : nil,
            model: model.map { Artifact(name: "model", digest: $0, byteCount: 1) })
    }

    private static let confirm = TrialTask.confirm(
        finalist: TrialID(sweep: SweepID(1), number: 4))
    private static let score = TrialTask.score(model: "demand", version: 2)

    @Test func `never shows the search the gate's rows`() throws {
        #expect(try lease(.search).inputs == [Self.digest(1)])
    }

    @Test func `needs both parts of the data to confirm a finalist`() throws {
        #expect(try lease(Self.confirm).inputs == [Self.digest(1), Self.digest(2)])
        #expect(try lease(Self.confirm, withGate: false).inputs == [Self.digest(1)])
    }

    @Test func `needs the version's files and the gate's rows to score`() throws {
        let files = [try Self.digest(7), try Self.digest(8)]
        #expect(try lease(Self.score, model: files).inputs == files + [Self.digest(2)])
        #expect(try lease(Self.score, withGate: false, model: files).inputs == files)
    }

    @Test func `needs nothing without data`() throws {
        for task in [TrialTask.search, Self.confirm, Self.score] {
            #expect(try lease(task, withData: false).inputs.isEmpty)
        }
    }

    @Test func `comes back from JSON as it was`() throws {
        for task in [TrialTask.search, Self.confirm, Self.score] {
            let lease = try lease(task, model: [Self.digest(7)])
            let json = try JSONEncoder().encode(lease)
            #expect(try JSONDecoder().decode(Lease.self, from: json) == lease)
        }
    }
}

@Suite struct `A log whose start was left out` {
    @Test func `says so in its first line`() {
        let cut = CutLog(leftOut: 1234)
        #expect(cut.line == "[picoml: the first 1234 bytes of this log are left out]\n")
        #expect(cut.line.utf8.count <= CutLog.longestLine)
        #expect(CutLog(beginning: Array((cut.line + "more\n").utf8)) == cut)
    }

    @Test(arguments: ["", "epoch 1\n", "[picoml: the first x bytes of this log are left out]\n"])
    func `is not taken for one that is whole`(text: String) {
        #expect(CutLog(beginning: Array(text.utf8)) == nil)
    }

    @Test func `keeps the positions of what is left`() {
        let cut = CutLog(leftOut: 1000)
        let line = UInt64(cut.line.utf8.count)
        #expect(cut.position(of: 0) == 0)
        #expect(cut.position(of: 999) == 0)
        #expect(cut.position(of: 1000) == line)
        #expect(cut.position(of: 1500) == line + 500)
    }
}
