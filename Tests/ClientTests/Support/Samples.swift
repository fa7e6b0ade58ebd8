import API
import Registry
import Vocabulary

/// API values as a coordinator gives them, for views to show.
enum Samples {
    static let now = Timestamp(milliseconds: 1_800_000_000_000)

    static func time(secondsAgo seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - seconds * 1000)
    }

    static func trialID(_ number: UInt32) -> TrialID {
        TrialID(sweep: SweepID(12), number: number)
    }

    static let parameters = [
        Assignment("booster", .string("gbtree")), Assignment("eta", .float(0.123456)),
        Assignment("max_depth", .integer(6)),
    ]

    static let best = BestTrial(
        trial: trialID(31), experiment: "Exp3", objective: 41.53712, parameters: parameters)

    static func entry(
        _ phase: Phase = .searching, name: String = "quickstart", reason: String = "",
        paused: Bool = false
    ) -> SweepEntry {
        SweepEntry(
            id: SweepID(12), name: name, model: "demand", phase: phase, reason: reason,
            paused: paused,
            objective: Objective(metric: "rmse", goal: .minimize),
            submitted: time(secondsAgo: 125),
            ended: phase.isFinal ? time(secondsAgo: 5) : nil,
            trials: TrialCounts(waiting: 14, running: 4, succeeded: 17, pruned: 4, failed: 1),
            best: best)
    }

    static func experiment(
        _ name: String, _ counts: TrialCounts, best: BestTrial? = nil
    ) -> ExperimentDocument {
        ExperimentDocument(
            name: name, trainer: "xgboost", sampler: "sobol", constants: ["booster"], total: 10,
            trials: counts,
            best: best)
    }

    static func sweep(
        _ phase: Phase = .searching, gate: GateReport? = nil, version: UInt32? = nil,
        warnings: [Diagnostic] = [], confirmations: TrialCounts? = nil
    ) -> SweepDocument {
        let other = BestTrial(
            trial: trialID(2), experiment: "Exp1", objective: 88.25,
            parameters: [Assignment("booster", .string("gblinear"))])
        return SweepDocument(
            sweep: entry(phase),
            experiments: [
                experiment("Exp1", TrialCounts(succeeded: 10), best: other),
                experiment("Exp2", TrialCounts(waiting: 9, failed: 1)),
                experiment(
                    "Exp3", TrialCounts(running: 2, succeeded: 4, pruned: 4), best: best),
                experiment("Exp4", TrialCounts(waiting: 5, running: 2, succeeded: 3)),
            ],
            confirmations: confirmations, secondsLeft: phase.isFinal ? nil : 83, gate: gate,
            winner: gate == nil ? nil : trialID(43), version: version, warnings: warnings,
            priority: 5, seed: 7, source: "",
            code: CodeBundle(
                digest: digest, byteCount: 12_345,
                commit: "3f2a1b9c4d5e6f708192a3b4c5d6e7f8091a2b3c", branch: "main", isDirty: true))
    }

    static let keep = GateReport(
        verdict: .keep, rows: 2164, challengerLoss: 1725.25, championLoss: 1730.5,
        difference: 5.25, lower: -3.125, upper: 13.5, confidence: 0.95,
        reason: "The gain of 5.25 may be chance: the interval reaches from -3.125 to 13.5.")

    static let promote = GateReport(
        verdict: .promote, rows: 2164, challengerLoss: 1725.25, championLoss: nil,
        difference: nil, lower: nil, upper: nil, confidence: 0.95,
        reason: "There was no champion to compare with.")

    static func trial(
        _ number: UInt32, _ state: TrialStanding, objective: Double? = nil,
        failure: FailureClass? = nil, experiment: String = "Exp3"
    ) -> TrialEntry {
        TrialEntry(
            id: trialID(number), experiment: experiment, task: "search", state: state,
            failure: failure, objective: objective, parameters: parameters, attempts: 1,
            created: time(secondsAgo: 90), ended: nil)
    }

    static let trials = [
        trial(31, .succeeded, objective: 41.53712), trial(8, .pruned, objective: 120.5),
        trial(9, .failed, failure: .outOfMemory), trial(10, .running), trial(11, .waiting),
    ]

    static let trialDocument = TrialDocument(
        trial: trial(31, .succeeded, objective: 41.53712), seed: 99,
        attempts: [
            AttemptDocument(
                id: AttemptID(trial: trialID(31), number: 1), worker: WorkerID(2),
                workerName: "oven-2", started: time(secondsAgo: 80), ended: nil,
                outcome: "failed", failure: .workerLost, seconds: 3.25,
                message: "The worker went silent."),
            AttemptDocument(
                id: AttemptID(trial: trialID(31), number: 2), worker: WorkerID(1),
                workerName: "oven-1", started: time(secondsAgo: 60), ended: nil,
                outcome: "succeeded", failure: nil, seconds: 12.5, message: ""),
        ],
        metrics: [Metric("rmse", 41.53712), Metric("rounds", 80)],
        artifacts: [Artifact(name: "log", digest: digest, byteCount: 2048)],
        checkpoints: [Checkpoint(step: 40, digest: digest, byteCount: 3 << 20, objective: 42.25)])

    static let digest = Digest(text: String(repeating: "ab", count: 32)) ?? Digest.zero

    static let curve = CurveDocument(
        trial: trialID(31), metric: "rmse",
        points: (1...40).map { CurvePoint(step: $0, value: 40 + 100 / Double($0)) })

    static let workers = WorkerPage(workers: [
        WorkerDocument(
            id: WorkerID(1), name: "oven-1", state: .connected,
            facts: WorkerFacts(
                host: "kitchen-a.example", process: 4711, cpus: 16, memoryBytes: 64 << 30,
                software: "0.1.0", architecture: "x86_64", distribution: "debian-12",
                labels: Labels([Label("zone", "b"), Label("disk", "nvme")]),
                devices: (0...1).map {
                    Device(
                        maker: .nvidia, identifier: "GPU-\($0)", name: "NVIDIA H200",
                        memoryBytes: 141 << 30)
                }),
            authorized: time(secondsAgo: 9000), joined: time(secondsAgo: 7380),
            running: [
                AttemptID(trial: trialID(40), number: 1), AttemptID(trial: trialID(41), number: 1),
            ], cpusHeld: 12, leaves: time(secondsAgo: -28_200)),
        WorkerDocument(
            id: WorkerID(2), name: "oven-2", state: .away, facts: nil,
            authorized: time(secondsAgo: 9000), joined: nil, running: []),
        WorkerDocument(
            id: WorkerID(3), name: "oven-3", state: .revoked, facts: nil,
            authorized: time(secondsAgo: 9000), joined: nil, running: []),
        WorkerDocument(
            id: WorkerID(4), name: "oven-4", state: .connected, facts: nil,
            authorized: time(secondsAgo: 9000), joined: time(secondsAgo: 60), running: [],
            exclusion: "executions were lost 3 times in short order: it went silent"),
        WorkerDocument(
            id: WorkerID(5), name: "oven-5", state: .pending,
            facts: WorkerFacts(
                host: "kitchen-b.example", process: 12, cpus: 8, memoryBytes: 32 << 30,
                software: "0.1.0"),
            authorized: time(secondsAgo: 20), joined: nil, running: [], token: TokenID(2)),
        WorkerDocument(
            id: WorkerID(6), name: "oven-6", state: .away, facts: nil,
            authorized: time(secondsAgo: 400), joined: nil, running: [], token: TokenID(1)),
        WorkerDocument(
            id: WorkerID(7), name: "oven-7", state: .connected, facts: nil,
            authorized: time(secondsAgo: 400), joined: time(secondsAgo: 300),
            running: [AttemptID(trial: trialID(42), number: 1)], token: TokenID(1),
            isDraining: true),
    ])

    static let tokens = TokenPage(tokens: [
        TokenDocument(
            id: TokenID(1), state: .usedUp, uses: 1, used: 1, needsApproval: false,
            created: time(secondsAgo: 500), expires: time(secondsAgo: -3100)),
        TokenDocument(
            id: TokenID(2), state: .live, uses: 20, used: 3, needsApproval: true,
            created: time(secondsAgo: 60), expires: time(secondsAgo: -28_740)),
        TokenDocument(
            id: TokenID(3), state: .revoked, uses: 5, used: 0, needsApproval: false,
            created: time(secondsAgo: 50), expires: time(secondsAgo: -550)),
    ])
}

extension Digest {
    fileprivate static var zero: Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: 0, count: byteCount)) else {
            preconditionFailure("a digest has \(byteCount) bytes")
        }
        return digest
    }
}

extension Samples {
    static let dataSets = DataSetPage(dataSets: [
        dataSet("digits", 0x3f, byteCount: 73_400_320, fileCount: 1797, secondsAgo: 90),
        dataSet(
            "imagenet", 0x9a, byteCount: 61 << 30, fileCount: 98_304, secondsAgo: 9000,
            at: "/mnt/shared/imagenet"),
    ])

    static func dataSet(
        _ name: String, _ byte: UInt8, byteCount: UInt64, fileCount: UInt32, secondsAgo: Int64,
        at location: String? = nil
    ) -> DataSetDocument {
        let digest = Digest(bytes: [UInt8](repeating: byte, count: 32)) ?? .zero
        return DataSetDocument(
            DataSet(
                name: name, digest: digest, payload: digest, byteCount: byteCount,
                fileCount: fileCount, location: location),
            added: time(secondsAgo: secondsAgo))
    }
}
