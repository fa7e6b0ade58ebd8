import Vocabulary

/// By which keys workers are let in.
extension Coordinator {
    /// Tells the shell which keys to let in.
    mutating func admit() {
        var admissions: [Admission] = []
        for (index, entry) in durable.workers.enumerated() where !entry.isRevoked {
            let worker = WorkerID(UInt32(index + 1))
            func user(_ number: UInt32) -> AdmittedUser {
                entry.isPending ? .pending(worker) : .worker(worker, keyNumber: number)
            }
            let keys = entry.keys
            admissions.append(Admission(user: user(keys.number), key: keys.current))
            guard let next = keys.next else { continue }
            admissions.append(Admission(user: user(keys.lastNumber), key: next))
        }
        for token in tokenDeadlines.keys.sorted() {
            guard let entry = durable[token] else { continue }
            admissions.append(Admission(user: .token(token), key: entry.terms.key))
        }
        direct(.admit(admissions))
    }

    mutating func authorize(name: String, key: String) -> Answer {
        if let (worker, entry) = holder(of: key) {
            return entry.isPending ? approve(worker) : .worker(worker)
        }
        if let problem = problem(withNew: key) { return problem }
        let worker = nextWorker
        commit(.workerAuthorized(worker, name: name, key: key))
        admit()
        return .worker(worker)
    }

    mutating func approve(_ worker: WorkerID) -> Answer {
        guard let entry = durable[worker] else { return refuse(worker) }
        guard !entry.isRevoked else {
            return .refused(.conflict, reason: "worker \(worker) was revoked")
        }
        if entry.isPending {
            commit(.workerApproved(worker))
            admit()
        }
        return .worker(worker)
    }

    mutating func revoke(_ worker: WorkerID) -> Answer {
        guard let entry = durable[worker] else { return refuse(worker) }
        guard !entry.isRevoked else { return .done }
        commit(.workerRevoked(worker))
        if let peer = sessions[worker]?.peer {
            direct(.send(.reject(reason: "the key of this worker was revoked"), to: peer))
        }
        depart(worker, .revoked)
        admit()
        return .done
    }

    /// A worker offers another key; again with the same one changes nothing.
    mutating func offer(_ key: String, by worker: WorkerID, on peer: PeerID) {
        guard let entry = durable[worker] else { return }
        if !entry.keys.contains(key) {
            guard holder(of: key) == nil, !isOnceUsed(key) else {
                let reason = "the new key belongs to another worker or to a join token"
                note(.workerRefused(worker, reason: reason))
                direct(.send(.reject(reason: reason), to: peer))
                return
            }
            commit(.workerKeyOffered(worker, key: key))
            admit()
        }
        direct(.send(.rotated, to: peer))
    }

    /// A worker says hello with a key: the one that it offered replaces the one before.
    mutating func replaceKey(of worker: WorkerID, with number: UInt32) {
        guard let entry = durable[worker], !entry.isRevoked, entry.keys.next != nil,
            entry.keys.lastNumber == number
        else { return }
        commit(.workerKeyReplaced(worker))
        admit()
        note(.workerKeyReplaced(worker))
    }

    /// The number of the next worker.
    var nextWorker: WorkerID { WorkerID(UInt32(durable.workers.count + 1)) }

    /// The worker that is known by `key` and was not revoked.
    func holder(of key: String) -> (WorkerID, WorkerEntry)? {
        for (index, entry) in durable.workers.enumerated()
        where !entry.isRevoked && entry.keys.contains(key) {
            return (WorkerID(UInt32(index + 1)), entry)
        }
        return nil
    }

    /// Why a worker cannot have a key that no worker has; nil when it can.
    func problem(withNew key: String) -> Answer? {
        guard !durable.tokens.contains(where: { $0.terms.key == key }) else {
            return .refused(.conflict, reason: "the key belongs to a join token")
        }
        guard durable.workers.count(where: { !$0.isRevoked }) < Limits.workers else {
            return .refused(.limit, reason: "\(Limits.workers) workers are known already")
        }
        return nil
    }

    /// Whether `key` was a revoked worker's, or is a join token's.
    func isOnceUsed(_ key: String) -> Bool {
        durable.workers.contains { $0.isRevoked && $0.keys.contains(key) }
            || durable.tokens.contains { $0.terms.key == key }
    }

    private func refuse(_ worker: WorkerID) -> Answer {
        .refused(.notFound, reason: "there is no worker \(worker)")
    }
}
