import Vocabulary

extension Samples {
    /// One message of every kind that a worker sends.
    mutating func workerMessages() -> [WorkerMessage] {
        let held = Set(list { $0.attemptID() }).sorted()
        let hello = Hello(
            minimumVersion: ProtocolVersion.minimum,
            maximumVersion: ProtocolVersion.current + UInt32(random.next(below: 3)),
            facts: facts(), prefetch: UInt32(random.next(below: 4096)),
            held: list { $0.attemptID() })
        let renewal = Renewal(prefetch: UInt32(random.next(below: 4096)), held: held)
        // A copy draws the later kinds, so that the golden files of the earlier ones stay.
        var later = self
        return [
            .hello(hello), .renew(renewal), .report(list { $0.report() }), .result(result()),
            .draining(reason: text()), .goodbye, .checkpoint(attemptID(), checkpoint()),
            .log(LogPart(request: request(), offset: random.next(), bytes: bytes())),
            .enrol(Enrolment(key: later.key(), name: later.name(), facts: later.facts())),
            .rotate(key: later.key()),
        ]
    }

    /// One message of every kind that the coordinator sends.
    mutating func coordinatorMessages() -> [CoordinatorMessage] {
        let welcome = Welcome(
            version: ProtocolVersion.current, worker: workerID(),
            renewMilliseconds: identifier(), leaseMilliseconds: identifier())
        var later = self
        return [
            .welcome(welcome), .reject(reason: text()), .assign(lease()),
            .stop(attemptID(), pick([.pruned, .cancelled, .fenced])),
            .acknowledge(attemptID(), pick([.committed, .superseded, .rejected])),
            .artifactsMissing(attemptID()), .renewed, .drain, .resync,
            .readLog(
                LogRequest(request: request(), attempt: attemptID(), offset: random.next())),
            .enrolled(later.workerID(), isPending: later.flip()), .rotated,
        ]
    }

    private mutating func request() -> RequestID { RequestID(random.next()) }

    /// Up to a few bytes of an artifact.
    mutating func bytes() -> [UInt8] {
        list(atMost: 64) { UInt8(truncatingIfNeeded: $0.random.next()) }
    }

    /// One request of every kind.
    mutating func artifactRequests() -> [ArtifactRequest] {
        let offset = random.next(below: 1 << 30)
        var later = self
        return [
            .offer(digest(), byteCount: offset),
            .chunk(digest(), offset: offset, bytes: bytes()),
            .fetch(digest(), offset: offset, byteCount: UInt32(random.next(below: 262_145))),
            .want(later.want()),
            .share(
                DataShare(
                    port: 1 + UInt16(later.random.next(below: 65_535)), key: later.key(),
                    complete: later.list { $0.digest() })),
        ]
    }

    /// One reply of every kind.
    mutating func artifactReplies() -> [ArtifactReply] {
        let offset = random.next(below: 1 << 30)
        let part = bytes()
        var later = self
        return [
            .send(digest(), offset: offset), .stored(digest()),
            .bytes(
                digest(), offset: offset, byteCount: offset + UInt64(part.count) + 7,
                bytes: part),
            .refused(digest(), reason: text()),
            .orders(
                DataOrders(
                    digest: later.digest(), orders: later.list { $0.order() },
                    peers: later.list {
                        DataPeer(worker: $0.workerID(), endpoint: $0.name(), key: $0.key())
                    })),
            .guests(later.list { $0.key() }),
        ]
    }

    private mutating func want() -> DataWant {
        var held = ChunkSet(count: 1 + Int(random.next(below: 100)))
        for _ in 0..<20 { held.insert(Int(random.next(below: 100))) }
        let last = UInt64(held.count)
        return DataWant(
            digest: digest(), held: held, requested: list { Int($0.random.next(below: last)) },
            room: Int(random.next(below: 65)), distrusted: list { $0.workerID() })
    }

    private mutating func order() -> ChunkOrder {
        ChunkOrder(
            chunk: Int(random.next(below: 1 << 20)),
            source: pick([.coordinator, .worker(workerID())]))
    }
}
