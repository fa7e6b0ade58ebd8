import Glibc

/// A metric that XGBoost computes, with the loss of a single row that goes with it.
///
/// The gate compares losses row by row. Where a metric is a mean over rows, possibly under a
/// root, the loss is what it is the mean of; ranking metrics have no such thing, so they are
/// compared by the Brier score (Brier 1950), which rewards the same probabilities.
enum XGBoostMetric: String, CaseIterable {
    /// Root of the mean squared error; loss: the squared error.
    case rmse
    /// The same of log(1 + value); loss: the squared difference of those.
    case rmsle
    /// Mean absolute error; loss: the absolute error.
    case mae
    /// Mean absolute error as a share of the label; loss: that share, infinite for a label of 0.
    case mape
    /// Mean pseudo-Huber error; loss: that error.
    case mphe
    /// Negative log-likelihood of a 0/1 label; loss: the same.
    case logloss
    /// Share of wrong classes at a threshold of 0.5; loss: 1 for a wrong class, else 0.
    case error
    /// Area under the receiver operating characteristic; loss: Brier score.
    case auc
    /// Area under the precision-recall curve; loss: Brier score.
    case aucpr
    /// Negative log-likelihood of a Poisson count; loss: the same.
    case poissonLikelihood = "poisson-nloglik"

    /// The loss of predicting `prediction` for `label`, both as the objective gives them.
    ///
    /// `slope` is XGBoost's `huber_slope`, which only `mphe` uses. The bounds that keep a
    /// logarithm finite are XGBoost's.
    func loss(prediction: Float, label: Float, slope: Double) -> Double {
        let (guess, truth) = (Double(prediction), Double(label))
        switch self {
        case .rmse, .auc, .aucpr:
            return (guess - truth) * (guess - truth)
        case .rmsle:
            let difference = log1p(guess) - log1p(truth)
            return difference * difference
        case .mae:
            return abs(guess - truth)
        case .mape:
            return abs((truth - guess) / truth)
        case .mphe:
            let ratio = (guess - truth) / slope
            return slope * slope * ((1 + ratio * ratio).squareRoot() - 1)
        case .logloss:
            let bounded = min(max(guess, 1e-16), 1 - 1e-16)
            return -(truth * log(bounded) + (1 - truth) * log(1 - bounded))
        case .error:
            return guess > 0.5 ? 1 - truth : truth
        case .poissonLikelihood:
            let bounded = max(guess, 1e-16)
            return lgamma(truth + 1) + bounded - truth * log(bounded)
        }
    }
}
