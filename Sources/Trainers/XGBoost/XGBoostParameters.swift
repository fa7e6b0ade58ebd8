import Datasets
import Vocabulary

/// A trial's parameters as settings of XGBoost.
struct XGBoostParameters {
    /// Boosting rounds, from 1 to `Limits.reportsPerAttempt`.
    let rounds: Int
    /// The metric that is reported.
    let metric: XGBoostMetric
    /// The slope of the pseudo-Huber loss.
    let slope: Double
    /// What is handed to XGBoost, in order.
    let settings: [(name: String, value: String)]

    /// Checks the names; XGBoost checks the values.
    init(_ lease: Lease) throws(TrialEnd) {
        metric = try Self.metric(of: lease)
        var rounds: Int?
        var slope = 1.0
        var settings = [(name: "objective", value: "reg:squarederror")]
        for assignment in lease.parameters {
            let (name, value) = (assignment.name, assignment.value)
            if name == "rounds" {
                rounds = Self.wholeNumber(value)
                guard let rounds, (1...Limits.reportsPerAttempt).contains(rounds) else {
                    throw .error(
                        "rounds is \(value), not a whole number of 1 to "
                            + "\(Limits.reportsPerAttempt).")
                }
                continue
            }
            guard !Self.reserved.contains(name) else {
                throw .error("\(name) is set by the worker and cannot be a parameter.")
            }
            guard Self.known.contains(name) else {
                throw .error(
                    "XGBoost has no parameter \"\(name)\". "
                        + NearestName.question(for: name, in: Self.known + ["rounds"]))
            }
            if name == "huber_slope", let number = value.number { slope = number }
            settings.append((name, Self.text(value)))
        }
        guard let rounds else {
            throw .error("The parameter rounds is missing: the number of boosting rounds.")
        }
        self.rounds = rounds
        self.slope = slope
        // XGBoost keeps a signed seed of which its generator takes 32 bits.
        let seed = (lease.seed ^ lease.seed >> 32) & 0x7FFF_FFFF
        self.settings =
            settings + [
                ("seed", "\(seed)"), ("nthread", "\(max(1, lease.cpus))"),
                ("eval_metric", metric.rawValue), ("verbosity", "0"), ("validate_parameters", "1"),
            ]
    }

    /// The objective as one of XGBoost's metrics.
    static func metric(of lease: Lease) throws(TrialEnd) -> XGBoostMetric {
        if let metric = XGBoostMetric(rawValue: lease.objective.metric) { return metric }
        let known = XGBoostMetric.allCases.map(\.rawValue)
        throw .error(
            "XGBoost has no metric \"\(lease.objective.metric)\" for one number a row. "
                + NearestName.question(for: lease.objective.metric, in: known)
                + " The metrics are \(known.joined(separator: ", ")).")
    }

    private static func wholeNumber(_ value: ParameterValue) -> Int? {
        value.number.flatMap { Int(exactly: $0) }
    }

    /// A number without a fraction has no decimal point: XGBoost refuses `6.0` as a depth.
    private static func text(_ value: ParameterValue) -> String {
        guard case .float(let number) = value, let whole = Int64(exactly: number) else {
            return value.description
        }
        return "\(whole)"
    }

    private static let reserved = [
        "seed", "random_state", "seed_per_iteration", "nthread", "n_jobs", "eval_metric",
        "disable_default_eval_metric", "verbosity", "silent", "validate_parameters",
    ]

    /// The parameters of XGBoost 1.7 and their other names, from its page "XGBoost Parameters".
    private static let known = [
        "booster", "objective", "base_score", "eta", "learning_rate", "gamma", "min_split_loss",
        "max_depth", "max_leaves", "max_bin", "min_child_weight", "max_delta_step", "subsample",
        "sampling_method", "colsample_bytree", "colsample_bylevel", "colsample_bynode",
        "lambda", "reg_lambda", "alpha", "reg_alpha", "tree_method", "sketch_eps",
        "scale_pos_weight", "updater", "refresh_leaf", "process_type", "grow_policy",
        "predictor", "num_parallel_tree", "monotone_constraints", "interaction_constraints",
        "max_cat_to_onehot", "max_cat_threshold", "sample_type", "normalize_type", "rate_drop",
        "one_drop", "skip_drop", "feature_selector", "top_k", "tweedie_variance_power",
        "huber_slope", "gpu_id",
    ]
}
