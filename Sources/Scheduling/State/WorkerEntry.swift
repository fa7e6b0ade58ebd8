/// What is known of one worker.
package struct WorkerEntry: Hashable, Sendable {
    /// The name that the person gave who let it in, or that it gave itself.
    package let name: String
    /// The keys by which it is known.
    package var keys: WorkerKeys
    /// Whether it waits for a person's approval.
    package var isPending = false
    /// Whether its keys are no longer let in.
    package var isRevoked = false
    /// Whether it said hello and is not known to have left.
    package var isJoined = false
    /// The name of the host on which it last said hello; empty before.
    package var host = ""
    /// Why it gets no trials at the moment; nil when it does.
    package var exclusion: Exclusion?

    init(name: String, key: String, isPending: Bool = false) {
        self.name = name
        keys = WorkerKeys(key)
        self.isPending = isPending
    }
}

/// The CURVE public keys of one worker, each 40 characters of Z85.
package struct WorkerKeys: Hashable, Sendable {
    /// The one by which it is known.
    package private(set) var current: String
    /// The number of `current`; see `AdmittedUser`.
    package private(set) var number: UInt32 = 0
    /// The one that replaces it as soon as it is used; nil when there is none.
    package private(set) var next: String?
    /// The number of `next`, or else of the last key that was offered.
    ///
    /// Each offer has a number of its own, so that a connection with a key that was offered
    /// before proves nothing about this one.
    package private(set) var lastNumber: UInt32 = 0

    init(_ key: String) { current = key }

    mutating func offer(_ key: String) {
        next = key
        lastNumber += 1
    }

    mutating func replace() {
        guard let next else { return }
        current = next
        number = lastNumber
        self.next = nil
    }

    /// Whether `key` is one of them.
    func contains(_ key: String) -> Bool { current == key || next == key }
}

/// Why a worker gets no trials for a while.
package struct Exclusion: Hashable, Sendable {
    /// For how long, from when it was decided; zero until the worker says hello again.
    package var span: Duration
    /// What happened, for a person.
    package var reason: String
}
