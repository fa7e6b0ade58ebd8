import Vocabulary

/// Join tokens: hosts enrol themselves with a secret that is good for a few uses and a while.
///
/// The time of a token is counted by the monotonic clock, so that nobody who sets the clock of
/// the host makes it longer. Only after a restart the time of day says what is left of it, and
/// never more than all.
extension Coordinator {
    mutating func createToken(_ terms: TokenTerms) -> Answer {
        if let index = durable.tokens.firstIndex(where: { $0.terms.key == terms.key }) {
            // Asked again because the answer was lost: the clock has gone on meanwhile.
            var earlier = durable.tokens[index].terms
            earlier.expires = terms.expires
            guard durable.tokens[index].ending == nil, earlier == terms else {
                return .refused(.conflict, reason: "another join token has this key")
            }
            return .token(TokenID(UInt32(index + 1)))
        }
        guard terms.uses >= 1, terms.uses <= Limits.workers, terms.lifetime > .zero,
            terms.lifetime <= Limits.tokenLifetime
        else {
            return .refused(.invalid, reason: "a join token is for 1 to \(Limits.workers) uses")
        }
        guard holder(of: terms.key) == nil, !isOnceUsed(terms.key) else {
            return .refused(.conflict, reason: "the key belongs to a worker")
        }
        guard tokenDeadlines.count < Limits.liveTokens else {
            return .refused(
                .limit, reason: "\(Limits.liveTokens) join tokens are in force already")
        }
        let token = TokenID(UInt32(durable.tokens.count + 1))
        commit(.tokenCreated(token, terms))
        tokenDeadlines[token] = now + terms.lifetime
        admit()
        return .token(token)
    }

    mutating func revoke(_ token: TokenID) -> Answer {
        guard let entry = durable[token] else {
            return .refused(.notFound, reason: "there is no join token \(token)")
        }
        guard entry.isLive else { return .done }
        end(token, .revoked)
        admit()
        return .done
    }

    /// Ends tokens whose time is over.
    mutating func expireTokens() {
        var isAnyOver = false
        for token in tokenDeadlines.keys.sorted() {
            guard let deadline = tokenDeadlines[token], deadline <= now else { continue }
            end(token, .expired)
            isAnyOver = true
        }
        if isAnyOver { admit() }
    }

    /// After a restart tokens have what the time of day leaves them.
    mutating func resumeTokens(at wallMilliseconds: Int64) {
        for (index, entry) in durable.tokens.enumerated() where entry.isLive {
            let token = TokenID(UInt32(index + 1))
            let (left, overflow) = entry.terms.expires.subtractingReportingOverflow(
                wallMilliseconds)
            if overflow || left <= 0 {
                end(token, .expired)
            } else {
                tokenDeadlines[token] = now + min(.milliseconds(left), entry.terms.lifetime)
            }
        }
    }

    private mutating func end(_ token: TokenID, _ ending: TokenEnding) {
        commit(.tokenEnded(token, ending))
        tokenDeadlines[token] = nil
    }

    /// Takes what a host says that has nothing but a token: it may ask to be let in, no more.
    mutating func receive(_ message: WorkerMessage, from peer: PeerID, with token: TokenID) {
        guard case .enrol(let enrolment) = message else {
            note(.enrolmentRefused(token, reason: "it said what only workers may say"))
            return
        }
        guard let entry = durable[token], entry.ending == nil,
            tokenDeadlines[token].map({ $0 > now }) ?? true
        else {
            return turnAway(peer, token, "this join token was revoked or has expired")
        }
        if let (worker, known) = holder(of: enrolment.key) {
            // Asked again because the answer was lost: it costs no use.
            direct(.send(.enrolled(worker, isPending: known.isPending), to: peer))
            return
        }
        guard entry.isLive else { return turnAway(peer, token, "this join token was used up") }
        guard !isOnceUsed(enrolment.key) else {
            return turnAway(
                peer, token, "the key of this worker was revoked: join with a new state folder")
        }
        if case .refused(_, let reason) = problem(withNew: enrolment.key) {
            return turnAway(peer, token, reason)
        }
        enrol(enrolment, with: token, on: peer, isPending: entry.terms.needsApproval)
    }

    private mutating func enrol(
        _ enrolment: Enrolment, with token: TokenID, on peer: PeerID, isPending: Bool
    ) {
        let worker = nextWorker
        let (name, key) = (enrolment.name, enrolment.key)
        commit(
            isPending
                ? .workerPending(worker, name: name, key: key, enrolment.facts)
                : .workerAuthorized(worker, name: name, key: key))
        commit(.tokenUsed(token, worker))
        if durable[token]?.isLive != true { tokenDeadlines[token] = nil }
        admit()
        direct(.send(.enrolled(worker, isPending: isPending), to: peer))
        note(.workerEnrolled(worker, token, isPending: isPending))
    }

    private mutating func turnAway(_ peer: PeerID, _ token: TokenID, _ reason: String) {
        note(.enrolmentRefused(token, reason: reason))
        direct(.send(.reject(reason: reason), to: peer))
    }
}
