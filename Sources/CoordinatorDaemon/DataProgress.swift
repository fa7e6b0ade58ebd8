import Synchronization
package import Vocabulary

/// How far workers have come with the data sets that they fetch, for people.
package final class DataProgress: Sendable {
    private struct Place: Hashable {
        let worker: WorkerID
        let digest: Digest
    }

    private let shares = Mutex<[Place: Double]>([:])

    init() {}

    func note(_ want: DataWant, of worker: WorkerID) {
        let share = Double(want.held.held) / Double(max(1, want.held.count))
        shares.withLock { shares in
            let place = Place(worker: worker, digest: want.digest)
            guard shares[place] != nil || shares.count < Limits.workers else { return }
            shares[place] = share
        }
    }

    /// A data set is whole on `worker`, and of no further interest.
    func finish(_ digest: Digest, on worker: WorkerID) {
        shares.withLock { _ = $0.removeValue(forKey: Place(worker: worker, digest: digest)) }
    }

    /// The share of a data set, by its manifest, that a worker has, 0 ..< 1; nil when it does not
    /// fetch it.
    package func share(of digest: Digest, on worker: WorkerID) -> Double? {
        shares.withLock { $0[Place(worker: worker, digest: digest)] }
    }
}
