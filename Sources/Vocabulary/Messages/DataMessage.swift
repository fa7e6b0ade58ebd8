/// A worker says what it has of a data set and asks where to get more.
package struct DataWant: Hashable, Sendable {
    /// The hash of the manifest.
    package var digest: Digest
    /// The chunks that are on the worker and were checked.
    package var held: ChunkSet
    /// The chunks that were asked for and have not come.
    package var requested: [Int]
    /// How many more it would ask for now.
    package var room: Int
    /// Workers that it asks no more.
    package var distrusted: [WorkerID]

    /// Describes what a worker has and wants; see the properties.
    package init(
        digest: Digest, held: ChunkSet, requested: [Int], room: Int, distrusted: [WorkerID]
    ) {
        self.digest = digest
        self.held = held
        self.requested = requested
        self.room = room
        self.distrusted = distrusted
    }
}

/// Where to get chunks: the answer to a ``DataWant``.
package struct DataOrders: Hashable, Sendable {
    /// The hash of the manifest.
    package var digest: Digest
    /// What to ask of whom; empty while others bring what there is to have.
    package var orders: [ChunkOrder]
    /// The workers among the sources.
    package var peers: [DataPeer]

    /// Describes an answer; see the properties.
    package init(digest: Digest, orders: [ChunkOrder], peers: [DataPeer]) {
        self.digest = digest
        self.orders = orders
        self.peers = peers
    }
}

/// A worker that others may fetch chunks from.
package struct DataPeer: Hashable, Sendable {
    /// Which one.
    package var worker: WorkerID
    /// Where it listens, such as `tcp://10.0.0.7:40123`.
    package var endpoint: String
    /// The CURVE public key to check it by, 40 characters of Z85.
    package var key: String

    /// Describes a worker; see the properties.
    package init(worker: WorkerID, endpoint: String, key: String) {
        self.worker = worker
        self.endpoint = endpoint
        self.key = key
    }
}

/// A worker says that others may fetch chunks from it; again and again while that holds.
package struct DataShare: Hashable, Sendable {
    /// The port that it listens on, from 1.
    package var port: UInt16
    /// The CURVE public key that it listens and asks with, 40 characters of Z85.
    package var key: String
    /// Manifests of data sets that are whole there.
    package var complete: [Digest]

    /// Describes what a worker shares; see the properties.
    package init(port: UInt16, key: String, complete: [Digest]) {
        self.port = port
        self.key = key
        self.complete = complete
    }
}
