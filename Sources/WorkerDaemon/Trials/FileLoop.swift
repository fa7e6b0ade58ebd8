import Execution
import Vocabulary
import ZeroMQ

/// What the thread for trials' files does, in the order in which it was asked.
enum FileWork: Sendable {
    /// Ends the container of an ended trial, keeps what the trial asked for, and tells the worker's
    /// loop its result.
    case keep(EndedTrial)
    /// Removes the folder of an execution, unless it is as good as new and goes to the spare ones.
    case remove(AttemptID, SpareFolders?)
}

/// The thread that hashes and removes trials' files: large ones would hold up the worker's loop,
/// which must renew its leases meanwhile.
struct FileLoop: ~Copyable {
    let queue: WorkQueue<FileWork>
    let folder: WorkerFolder
    let inbox: WorkerInbox

    mutating func run() {
        var poller = Poller()
        _ = poller.add(queue.wakeUp)
        while !queue.isStopping {
            while let work = queue.next() {
                switch work {
                case .keep(let trial):
                    if let container = trial.container {
                        ContainerEngine.remove([container])
                        StrayProcesses.end(ofTrialIn: trial.directory)
                    }
                    inbox.push(.ended(trial.keep()))
                case .remove(let attempt, let spares): folder.removeTrial(attempt, spares)
                }
            }
            // A poll fails only when the process is leaving.
            guard !queue.isStopping, (try? poller.poll(timeout: nil)) != nil else { return }
            _ = queue.wakeUp.drain()
        }
    }
}
