import Vocabulary

/// A sweep file as it was written.
struct SweepDraft: Sendable {
    /// The whole file.
    let node: Node
    var name: String?
    var model: String?
    var objective: Objective?
    var experiments: [ExperimentEntry]?
    var defaults: ExperimentDraft
    var trials: UInt32?
    var runCap: UInt32?
    var priority: Int32?
    var weight: UInt32?
    var concurrency: UInt32?
    var preempts: Bool?
    var seed: UInt64?
    var retries: RetryPolicy?
    var keptCheckpoint: KeptCheckpoint?
    var data: DataDeclaration?
    var promotion: PromotionPolicy?
    var code: String?

    /// A draft of `node`.
    init(node: Node) {
        self.node = node
        defaults = ExperimentDraft(node: node)
    }

    /// What may stand at the top of a sweep file.
    static let table = Table(
        "a sweep", { SweepDraft(node: $0) },
        fields: identity + search + outcome,
        foreign: ForeignKey.programs + ForeignKey.places + [
            ForeignKey("metrics", "Use `metric` with the one that decides."),
            ForeignKey("scheduler", "Delete it: the coordinator schedules."),
            ForeignKey("controller", "Delete it: the coordinator schedules."),
            ForeignKey("objective", "Use `metric`."),
        ])

    private static let identity: [Field<SweepDraft>] = [
        Field(
            "name", .text(), \.name,
            "The name of the sweep; the file's own without it."),
        Field("description", discarding: .text(bytes: Limits.sweepFileBytes), "A note to readers."),
        Field(
            "model", .modelName, \.model,
            "The model of the registry that the winner becomes a version of."),
        Field(
            "metric", .objective, \.objective, isRequired: true, "What is optimised."),
    ]

    private static let search: [Field<SweepDraft>] =
        [
            Field(
                "experiments", .experiments, \.experiments,
                "The variants, by name. Without it, `method` and `parameters` make one experiment "
                    + "called `Exp1`."),
            Field(
                "trials", .trials, \.trials,
                "The most trials of all experiments together; those that give no number of their "
                    + "own share what the others leave."),
            Field("run_cap", .trials, \.runCap, "W&B's name of `trials`."),
        ]
        + ExperimentDraft.shared.map { field in
            field.within(
                \.defaults,
                summary: field.key == "parameters"
                    ? "Parameters of every experiment; an experiment's own replace those of the "
                        + "same name."
                    : "For every experiment that does not say otherwise. \(field.summary)")
        }

    private static let outcome: [Field<SweepDraft>] = [
        Field(
            "data", .data, \.data,
            "The table that models are trained on; or the name of a data set that programs get, "
                + "such as `digits` or `digits@3f2a91c0`."),
        Field(
            "code", .text("the path of a directory", bytes: Limits.messageBytes), \.code,
            "The directory with programs, relative to the sweep file, which is packed at submit; "
                + "the sweep file's own without it."),
        Field(
            "promotion", .promotion, \.promotion,
            "How a winner is proven before it becomes the champion of `model`."),
        Field(
            "priority", .integer(.min ... .max), \.priority,
            "Sweeps with a higher number are served first; 0 without it."),
        Field(
            "weight", .integer(1...Limits.weight), \.weight,
            "Its share of the workers among sweeps of the same user and priority; 1 without it."),
        Field(
            "concurrency", .integer(1...UInt32(Limits.trialsPerSweep)), \.concurrency,
            "Trials that may run at once; no limit without it."),
        Field(
            "preempts", .boolean, \.preempts,
            "Whether its trials may stop those of sweeps with a lower priority, which go on later "
                + "from their last checkpoints."),
        Field(
            "seed", .integer(0...UInt64(Int64.max)), \.seed,
            "The seed of every random choice; the coordinator chooses one without it."),
        Field("retries", .retries, \.retries, "When a trial is tried again."),
        Field(
            "checkpoints", .checkpoints, \.keptCheckpoint,
            "What is kept of the checkpoints that trials write."),
    ]
}
