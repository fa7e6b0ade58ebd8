import Vocabulary

/// An experiment as it was written; also the defaults that stand at the top of a sweep.
struct ExperimentDraft: Sendable {
    /// The mapping.
    let node: Node
    var trainer: Trainer?
    var entry: String?
    var isReused: Bool?
    var command: [CommandWord]?
    var program: String?
    var metricsSource: MetricsSource?
    var environment: EnvironmentSpec?
    var method: SamplerSpec?
    var parameters: [ParameterEntry]?
    var pruner: PrunerSpec?
    var trials: UInt32?
    var resources: Resources?
    var timeLimit: Double?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    /// Keys of an experiment that have a default at the top of the sweep.
    static let shared: [Field<ExperimentDraft>] =
        [
            Field(
                "trainer", .choice(of: "trainer"), \.trainer,
                "The code that trains; `entry` implies `python`, `command` and `program` imply "
                    + "`command`.")
        ] + programFields + searchFields

    private static let searchFields: [Field<ExperimentDraft>] = [
        Field(
            "method", .method, \.method,
            "How points of the search space are chosen."),
        Field(
            "parameters", .parameters, \.parameters,
            "The search space. A bare value is short for a constant: "
                + "`objective: reg:squarederror`."),
        Field("early_terminate", .pruner, \.pruner, "How hopeless trials are stopped early."),
        Field("resources", .resources, \.resources, "What one trial needs of its host."),
        Field(
            "time_limit", .seconds, \.timeLimit,
            "How long one attempt may take."),
    ]

    /// What may stand below an experiment's name.
    static let table = Table(
        "an experiment", { ExperimentDraft(node: $0) },
        fields: shared + [
            Field(
                "trials", .trials, \.trials,
                "The most trials; without it, a share of the sweep's.")
        ],
        foreign: [
            ForeignKey("run_cap", "Use `trials`."),
            ForeignKey("metric", "All experiments of a sweep share one; put it at the top."),
            ForeignKey("code", "All experiments of a sweep share one; put it at the top."),
        ] + ForeignKey.programs)
}

extension ForeignKey {
    /// W&B's keys for programs that are kept elsewhere.
    static let programs = ["job", "image_uri"].map {
        ForeignKey($0, "A program is a part of the code: use `program:` or `command:`.")
    }

    /// W&B's keys for where a sweep is kept.
    static let places = ["project", "entity"].map {
        ForeignKey(
            $0, "It is ignored: a coordinator has one list of sweeps.", severity: .warning)
    }
}

extension Kind where Value == SamplerSpec {
    /// A method of search; W&B's `bayes` is another name for the one that learns.
    static let method: Kind = {
        let own = choice(
            of: "method", elsewhere: [("custom", "Use `tpe`, `random`, `grid` or `sobol`.")])
        return Kind(own.noun) { node, problems in
            guard case .text("bayes") = node.scalar else { return own.read(node, &problems) }
            problems.warn(
                "`bayes` is searched with Parzen estimators here, not with a Gaussian process",
                in: node, fix: "Write `method: tpe`.")
            return .tpe
        }
    }()
}

extension Kind where Value == UInt32 {
    /// A number of trials.
    static let trials = integer(1...UInt32(Limits.trialsPerSweep))
}

extension Kind where Value == [ExperimentEntry] {
    /// The `experiments` mapping.
    static let experiments = Kind("a mapping from names to experiments") { node, problems in
        guard let entries = node.entries else {
            problems.mismatch(
                node, expected: "a mapping from names to experiments",
                fix: "Write `Exp1:` with its keys below it.")
            return nil
        }
        guard !entries.isEmpty else {
            problems.error(
                "There are no experiments", in: node,
                fix: "Add one, such as `Exp1:`, or delete the key.")
            return nil
        }
        guard entries.count <= Limits.experimentsPerSweep else {
            problems.error(
                "There are \(entries.count) experiments; \(Limits.experimentsPerSweep) are the "
                    + "limit",
                in: node, fix: "Split the sweep.")
            return nil
        }
        let experiments = entries.compactMap { entry -> ExperimentEntry? in
            let key = Node(
                content: .scalar(Scalar(text: entry.key, isPlain: false)), mark: entry.mark,
                path: entry.value.path)
            let name = Kind<String>.experimentName.read(key, &problems)
            guard let draft = ExperimentDraft.table.read(entry.value, into: &problems) else {
                return nil
            }
            return name.map { ExperimentEntry(name: $0, mark: entry.mark, draft: draft) }
        }
        return experiments.count == entries.count ? experiments : nil
    }
}

/// An experiment with its name.
struct ExperimentEntry: Sendable {
    /// The name.
    let name: String
    /// Where the name stands.
    let mark: Mark
    /// What stands below it.
    let draft: ExperimentDraft
}
