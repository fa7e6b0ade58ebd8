import Synchronization
import Vocabulary
import ZeroMQ

/// What this worker has of data sets, for the thread that gives it to others.
final class DataHoldings: Sendable {
    private struct Partial {
        var held: ChunkSet
        let manifest: DataManifest
    }

    private struct State {
        // Those that are being brought here.
        var partial: [Digest: Partial] = [:]
        // Those that are whole, the one completed last at the end.
        var complete: [Digest] = []
    }

    /// Raised when a data set is whole.
    let wakeUp: WakeUp
    private let state: Mutex<State>

    /// Knows `complete` to be whole.
    init(complete: [Digest]) throws(ZeroMQError) {
        wakeUp = try WakeUp()
        state = Mutex(State(complete: complete))
    }

    /// The manifests of data sets that are whole, newest last.
    var complete: [Digest] { state.withLock { $0.complete } }

    /// Notes that `held` is here of a data set that is being brought.
    func update(_ digest: Digest, _ manifest: DataManifest, held: ChunkSet) {
        state.withLock { $0.partial[digest] = Partial(held: held, manifest: manifest) }
    }

    /// Notes that a data set is whole.
    func finish(_ digest: Digest) {
        state.withLock { state in
            state.partial[digest] = nil
            state.complete.removeAll { $0 == digest }
            state.complete.append(digest)
        }
        wakeUp.signal()
    }

    /// Notes that nothing of a data set is to be given any more.
    func remove(_ digest: Digest) {
        state.withLock { state in
            state.partial[digest] = nil
            state.complete.removeAll { $0 == digest }
        }
    }

    /// Whether chunk `number` of a data set is here, and its manifest unless it is whole.
    func has(_ number: Int, of digest: Digest) -> (isHere: Bool, manifest: DataManifest?) {
        state.withLock { state in
            if let partial = state.partial[digest] {
                return (partial.held.contains(number), partial.manifest)
            }
            return (state.complete.contains(digest), nil)
        }
    }
}
