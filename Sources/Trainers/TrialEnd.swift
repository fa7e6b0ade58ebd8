import Datasets
import Vocabulary

/// How the work of a trainer ends when it does not end with a result of its own.
enum TrialEnd: Error {
    /// Badly.
    case failed(FailureClass, message: String)
    /// At the worker's request, with the metrics of the last report.
    case stopped(StopReason, last: [Metric])
    /// Nobody is there to hear of it.
    case workerGone(ChannelError)

    /// An error of the trainer.
    static func error(_ message: String) -> TrialEnd { .failed(.trainerError, message: message) }

    init(_ error: XGBoostError) {
        self = .failed(
            error.isOutOfMemory ? .outOfMemory : .trainerError, message: "XGBoost: \(error)")
    }

    /// A file that cannot be used; `name` is what it is for.
    init(_ name: String, _ problem: FileProblem) { self = .error("The \(name) \(problem).") }
}
