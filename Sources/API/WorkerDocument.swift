package import Vocabulary

/// A worker.
package struct WorkerDocument: Hashable, Sendable, Codable {
    /// What the coordinator knows of its connection.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// It enrolled with a join token and waits for a person's approval.
        case pending
        /// Its key is let in; it is not connected.
        case away
        /// It is connected.
        case connected
        /// Its key is no longer let in.
        case revoked
    }

    /// Its number.
    package var id: Written<WorkerID>
    /// The name under which it was let in.
    package var name: String
    /// What the coordinator knows of its connection.
    package var state: State
    /// What it said of itself when it enrolled or last connected; nil when it never did.
    package var facts: WorkerFacts?
    /// When its key was let in; when it enrolled while it is pending.
    package var authorized: Timestamp
    /// The join token that it enrolled with; nil when a person let its key in.
    package var token: Written<TokenID>?
    /// When it last connected; nil when it never did.
    package var joined: Timestamp?
    /// The executions that it holds, such as `12.3#1`.
    package var running: [String]
    /// CPUs of all that it holds, of what waits for others to end too; nil from a coordinator that
    /// does not say it.
    package var cpusHeld: UInt32?
    /// When it leaves by itself; nil when it does not, and while it is not connected.
    package var leaves: Timestamp?
    /// Whether it takes no further trials, and leaves when those it has have ended; nil when that
    /// is not known.
    package var isDraining: Bool?
    /// Why it gets no trials at the moment; nil when it does.
    package var exclusion: String?

    /// Describes a worker; see the properties.
    package init(
        id: WorkerID, name: String, state: State, facts: WorkerFacts?, authorized: Timestamp,
        joined: Timestamp?, running: [AttemptID], exclusion: String? = nil,
        token: TokenID? = nil, cpusHeld: UInt32? = nil, leaves: Timestamp? = nil,
        isDraining: Bool? = nil
    ) {
        self.id = Written(id)
        self.name = name
        self.state = state
        self.facts = facts
        self.authorized = authorized
        self.joined = joined
        self.running = running.map(\.description)
        self.exclusion = exclusion
        self.token = token.map(Written.init)
        self.cpusHeld = cpusHeld
        self.leaves = leaves
        self.isDraining = isDraining
    }
}

/// All workers, by number.
package struct WorkerPage: Hashable, Sendable, Codable {
    /// The workers.
    package var workers: [WorkerDocument]

    /// Lists `workers`.
    package init(workers: [WorkerDocument]) { self.workers = workers }
}

/// A worker's key to let in.
package struct WorkerAuthorization: Hashable, Sendable, Codable {
    /// The name for people.
    package var name: String
    /// The CURVE public key, 40 characters of Z85.
    package var key: String

    /// Lets `key` in as `name`.
    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }
}

/// A worker's key was let in.
package struct WorkerAuthorized: Hashable, Sendable, Codable {
    /// The worker's number.
    package var worker: Written<WorkerID>

    /// Says that `worker` was let in.
    package init(worker: WorkerID) { self.worker = Written(worker) }
}
