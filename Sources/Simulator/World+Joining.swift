import Execution
import Scheduling
import Vocabulary

/// How hosts are let in: by people, or by join tokens that expire, are used up and ask for
/// approval.
extension World {
    /// A host wants its key to be let in.
    func letIn(_ host: SimulatedWorker, within span: Duration) {
        let delay = .milliseconds(1) + random.span(upTo: span)
        if hasTokens {
            queue.schedule(.knock(host.index), at: now + delay)
        } else {
            ask(.authorize(name: host.name, key: host.key), after: delay)
        }
    }

    /// A host tries until its key is known; while no token is in force, somebody makes one.
    func knock(_ index: Int) {
        let host = workers[index]
        guard coordinator.users[host.key] == nil else { return }
        queue.schedule(
            .knock(index), at: now + .seconds(1) + random.span(upTo: .seconds(4)))
        guard coordinator.isUp else { return }
        // In a fixed order, whatever that of the dictionary is.
        let tokens = coordinator.users.values.compactMap { user in
            if case .token(let token) = user { token } else { nil as TokenID? }
        }.sorted()
        guard !tokens.isEmpty else { return makeToken() }
        let facts = WorkerFacts(
            host: host.name, process: 0, cpus: host.cpus, memoryBytes: 1 << 30,
            software: Software.version)
        let enrolment = Enrolment(key: host.key, name: host.name, facts: facts)
        lastPeer += 1
        let knock = Event.knocked(
            .enrol(enrolment), from: PeerID(lastPeer), token: random.pick(tokens))
        takeIn(knock)
        // The answer was lost and the host asks again.
        if random.chance(0.3) { takeIn(knock) }
    }

    private func makeToken() {
        lastTokenKey += 1
        let lifetime = random.pick([Duration.seconds(3), .seconds(60), .seconds(86_400)])
        ask(
            .createToken(
                TokenTerms(
                    key: "token-\(lastTokenKey)", uses: UInt32(random.number(1...3)),
                    needsApproval: random.chance(0.5), lifetime: lifetime,
                    expires: wallMilliseconds + lifetime.nanoseconds / 1_000_000)))
    }

    /// The time of day.
    var wallMilliseconds: Int64 { now.nanoseconds / 1_000_000 }

    /// A host offers another key, over a connection of its own.
    func rotate(_ host: SimulatedWorker) {
        guard host.isUp, let worker = coordinator.worker(with: host.key) else { return }
        lastPeer += 1
        takeIn(
            .received(.rotate(key: host.offerKey()), from: PeerID(lastPeer), worker: worker))
    }

    /// The shell lets exactly these keys in.
    func admit(_ admissions: [Admission]) {
        coordinator.users = [:]
        for admission in admissions {
            coordinator.users[admission.key] = admission.user
            switch admission.user {
            case .worker(let worker, _):
                for host in workers where host.key == admission.key {
                    hosts[worker] = host.index
                }
            case .pending(let worker):
                guard approving.insert(worker).inserted else { continue }
                ask(.approve(worker), after: random.span(upTo: .seconds(10)))
            case .token: break
            }
        }
        for host in workers {
            guard let key = host.offeredKey, coordinator.users[key] != nil else { continue }
            host.takeOfferedKey()
            tell(host, .disconnected(reason: "it has a new key"))
        }
    }
}
