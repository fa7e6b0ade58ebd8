import Synchronization
import Vocabulary

/// The workers whose keys are let in, for threads other than the control loop.
final class AdmittedWorkers: Sendable {
    private let workers = Mutex<Set<WorkerID>>([])

    /// Replaces the list at once.
    func replace(with admitted: Set<WorkerID>) { workers.withLock { $0 = admitted } }

    func contains(_ worker: WorkerID) -> Bool { workers.withLock { $0.contains(worker) } }
}
