import Vocabulary

/// The connection: hello, renewals, and coming back after an outage.
extension Worker {
    mutating func receive(_ message: CoordinatorMessage) {
        if case .joined(let renewal, _) = link, let welcome {
            link = .joined(renewal: renewal, lapse: now + welcome.lapse)
        }
        switch message {
        case .welcome(let welcome): join(welcome)
        case .reject(let reason):
            note(.refused(reason: reason))
            link = .waiting(until: now + Backoff.refusal)
        case .assign(let lease): accept(lease)
        case .stop(let attempt, let reason): stop(attempt, reason)
        case .acknowledge(let attempt, let verdict): acknowledge(attempt, verdict)
        case .artifactsMissing(let attempt): uploadAgain(attempt)
        case .readLog(let request): direct(.readLog(request))
        case .renewed: reports.confirm()
        case .drain: drain()
        case .resync:
            // Each message before the hello is answered so. A second hello would not name the
            // leases that the first one brings, and they would be given up.
            if isJoined { greet() }
        // Answers to what other connections of this host ask.
        case .enrolled, .rotated: break
        }
    }

    private mutating func join(_ welcome: Welcome) {
        self.welcome = welcome
        backoff.reset()
        link = .joined(renewal: now + welcome.renewal, lapse: now + welcome.lapse)
        note(.joined(welcome.worker))
        reports.rewind()
        sendReports()
        // First, or what is given back would come back here.
        if isDraining {
            direct(.send(.draining(reason: "")))
        } else if restEnd != nil {
            direct(.send(.draining(reason: restReason)))
        }
        for attempt in held {
            guard let checkpoint = holdings[attempt]?.checkpoint else { continue }
            direct(.send(.checkpoint(attempt, checkpoint)))
        }
        for attempt in held { send(resultOf: attempt) }
    }

    mutating func disconnect(_ reason: String) {
        if case .waiting = link { return }
        // Without a welcome the coordinator may be elsewhere.
        if case .greeting = link { place = (place + 1) % places }
        note(.disconnected(reason: reason))
        link = .waiting(until: now + backoff.next())
    }

    /// Says hello when it is time to, renews, and notices silence.
    mutating func tendLink() {
        guard !hasLeft else { return }
        switch link {
        case .waiting(let until):
            guard until <= now else { break }
            direct(.connect(place: place))
            greet()
        case .greeting(let until):
            guard until <= now else { break }
            disconnect("the coordinator does not answer")
        case .joined(let renewal, let lapse):
            if lapse <= now {
                disconnect("the coordinator went silent")
                break
            }
            sendReports()
            guard renewal <= now || isPrefetchStale, let welcome else { break }
            announcedPrefetch = prefetch.count(cpus: facts.cpus, running: longestRun)
            direct(.send(.renew(Renewal(prefetch: announcedPrefetch, held: held))))
            reports.markRenewal()
            link = .joined(renewal: now + welcome.renewal, lapse: lapse)
        }
        resendResults()
    }

    /// Whether the coordinator works with a window that is far from the right one.
    private var isPrefetchStale: Bool {
        let wanted = prefetch.count(cpus: facts.cpus, running: longestRun)
        return wanted > 2 * announcedPrefetch || 4 * wanted < announcedPrefetch
    }

    mutating func greet() {
        announcedPrefetch = prefetch.count(cpus: facts.cpus, running: longestRun)
        link = .greeting(until: now + Self.greeting)
        var facts = facts
        facts.timeLeft = timeEnd.map { max($0 - now, .zero) }
        direct(.send(.hello(Hello(facts: facts, prefetch: announcedPrefetch, held: held))))
    }

    mutating func sendReports() {
        guard isJoined else { return }
        let unsent = reports.takeUnsent()
        // One message stays far below the limit of a frame.
        let size = 256
        for start in stride(from: 0, to: unsent.count, by: size) {
            direct(.send(.report(Array(unsent[start..<min(start + size, unsent.count)]))))
        }
    }
}

extension Welcome {
    fileprivate var renewal: Duration { .milliseconds(Int64(renewMilliseconds)) }
    fileprivate var lapse: Duration { .milliseconds(Int64(leaseMilliseconds)) }
}
