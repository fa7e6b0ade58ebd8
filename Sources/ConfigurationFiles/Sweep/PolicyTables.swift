import Vocabulary

/// `promotion` as it was written.
struct PromotionDraft: Sendable {
    /// The mapping.
    let node: Node
    var finalists: UInt32?
    var seeds: UInt32?
    var confidence: Double?
    var resamples: UInt32?
    var blockRows: UInt32?
    var margin: Double?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    /// What may stand in `promotion`.
    static let table = Table(
        "`promotion`", { PromotionDraft(node: $0) },
        fields: [
            Field(
                "finalists", .integer(1...UInt32(Limits.confirmationsPerSweep)), \.finalists,
                "The best trials that are trained again; 3 without it."),
            Field(
                "seeds", .integer(1...UInt32(Limits.confirmationsPerSweep)), \.seeds,
                "Fresh seeds with which each finalist is trained again; 3 without it."),
            Field(
                "confidence",
                .number("a number above 0.5 and below 1", where: { 0.5 < $0 && $0 < 1 }),
                \.confidence, "Confidence that the challenger is better; 0.95 without it."),
            Field(
                "resamples", .integer(100...100_000), \.resamples,
                "Bootstrap resamples; 2000 without it."),
            Field(
                "block_rows", .integer(1...1_000_000), \.blockRows,
                "Rows resampled together: about as many as depend on each other in time; 1 "
                    + "without it."),
            Field(
                "margin", .number("a number from 0", where: { $0 >= 0 }), \.margin,
                "The smallest gain worth a change, in units of the loss; 0 without it."),
        ])
}

extension Kind where Value == PromotionPolicy {
    /// The `promotion` mapping.
    static let promotion = Kind<PromotionDraft>.mapping(PromotionDraft.table).then {
        draft, node, problems -> PromotionPolicy? in
        let usual = PromotionPolicy()
        let policy = PromotionPolicy(
            finalists: draft.finalists ?? usual.finalists, seeds: draft.seeds ?? usual.seeds,
            confidence: draft.confidence ?? usual.confidence,
            resamples: draft.resamples ?? usual.resamples,
            blockRows: draft.blockRows ?? usual.blockRows, margin: draft.margin ?? usual.margin)
        let confirmations = UInt64(policy.finalists) * UInt64(policy.seeds)
        guard confirmations <= Limits.confirmationsPerSweep else {
            problems.error(
                "\(policy.finalists) finalists with \(policy.seeds) seeds make \(confirmations) "
                    + "trainings; \(Limits.confirmationsPerSweep) are the limit",
                in: node, fix: "Lower `finalists` or `seeds`.")
            return nil
        }
        return policy
    }
}

/// `retries` as it was written: executions after the first one.
struct RetriesDraft: Sendable {
    var lostWorker: UInt32?
    var trainerError: UInt32?
    var crash: UInt32?
    var outOfMemory: UInt32?
    var outOfDisk: UInt32?
    var timeout: UInt32?
    var nonFiniteMetric: UInt32?

    private static let most = Limits.attemptsPerTrial - 1

    /// What may stand in `retries`.
    static let table = Table(
        "`retries`", { _ in RetriesDraft() },
        fields: [
            Field(
                "lost_worker", .integer(0...most), \.lostWorker,
                "How often a trial is tried again after its worker was lost; 4 without it."),
            Field(
                "trainer_error", .integer(0...most), \.trainerError,
                "How often a trial is tried again after its trainer failed; 0 without it, and "
                    + "for the following ones."),
            Field(
                "crash", .integer(0...most), \.crash,
                "How often after its native code crashed, such as by a segmentation fault."),
            Field(
                "out_of_memory", .integer(0...most), \.outOfMemory,
                "How often after memory ran out."),
            Field(
                "out_of_disk", .integer(0...most), \.outOfDisk,
                "How often after the disk or the trial's share of it was full."),
            Field(
                "timeout", .integer(0...most), \.timeout,
                "How often after its time limit was reached; from its last checkpoint, if there "
                    + "is one."),
            Field(
                "non_finite_metric", .integer(0...most), \.nonFiniteMetric,
                "How often after a metric was NaN or infinite."),
        ])
}

extension Kind where Value == RetryPolicy {
    /// The `retries` mapping; the policy counts the first attempt too.
    static let retries = Kind<RetriesDraft>.mapping(RetriesDraft.table).then {
        draft, _, _ -> RetryPolicy? in
        let usual = RetryPolicy()
        return RetryPolicy(
            lostAttempts: draft.lostWorker.map { $0 + 1 } ?? usual.lostAttempts,
            failedAttempts: draft.trainerError.map { $0 + 1 } ?? usual.failedAttempts,
            crashedAttempts: draft.crash.map { $0 + 1 } ?? usual.crashedAttempts,
            outOfMemoryAttempts: draft.outOfMemory.map { $0 + 1 } ?? usual.outOfMemoryAttempts,
            outOfDiskAttempts: draft.outOfDisk.map { $0 + 1 } ?? usual.outOfDiskAttempts,
            timeoutAttempts: draft.timeout.map { $0 + 1 } ?? usual.timeoutAttempts,
            nonFiniteAttempts: draft.nonFiniteMetric.map { $0 + 1 } ?? usual.nonFiniteAttempts)
    }
}

/// `checkpoints` as it was written.
struct CheckpointsDraft: Sendable {
    var keep: KeptCheckpoint?

    /// What may stand in `checkpoints`.
    static let table = Table(
        "`checkpoints`", { _ in CheckpointsDraft() },
        fields: [
            Field(
                "keep", .choice(of: "checkpoint to keep"), \.keep, isRequired: true,
                "Which checkpoint of an ended trial is kept: the one with the `best` objective, "
                    + "which is usual, the `latest`, `both` or `none`.")
        ])
}

extension Kind where Value == KeptCheckpoint {
    /// The `checkpoints` mapping.
    static let checkpoints = Kind<CheckpointsDraft>.mapping(CheckpointsDraft.table).then {
        draft, _, _ in draft.keep
    }
}
