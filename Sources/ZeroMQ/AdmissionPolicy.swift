import Synchronization

/// The decisions of an ``Authenticator``, shared between its thread and those that change the list.
final class AdmissionPolicy: Sendable {
    private struct State {
        /// Nil until the first list is set.
        var users: [CurveKey: String]?
        var counts = Authenticator.Counts()
    }

    private enum Decision {
        case admit(userID: String)
        case tryAgain
        case refuse(reason: String)
        case malformed
    }

    private let domain: [UInt8]
    private let strangers: Authenticator.Strangers
    private let state = Mutex(State())

    init(domain: String, strangers: Authenticator.Strangers) {
        self.domain = Array(domain.utf8)
        self.strangers = strangers
    }

    var counts: Authenticator.Counts { state.withLock { $0.counts } }

    func replace(_ users: [CurveKey: String]) {
        state.withLock { $0.users = users }
    }

    /// The frames of the answer; nil when the request does not say whom to answer.
    ///
    /// Request (RFC 27): routing id, empty, version, request id, domain, address, identity,
    /// mechanism, credentials. Answer: routing id, empty, version, request id, status, text,
    /// user id, metadata.
    func reply(to request: borrowing Message) -> [[UInt8]]? {
        guard request.count >= 4,
            let peer = request[0].copy(limit: 255),
            let requestID = request[3].copy(limit: 255)
        else {
            state.withLock { $0.counts.malformed += 1 }
            return nil
        }
        let status: String
        let text: String
        var userID = ""
        switch decide(request) {
        case .admit(let id): (status, text, userID) = ("200", "OK", id)
        case .tryAgain: (status, text) = ("300", "the key is not known yet")
        case .refuse(let reason): (status, text) = ("400", reason)
        case .malformed: (status, text) = ("500", "not a ZAP 1.0 request")
        }
        return [peer, [], Array("1.0".utf8), requestID]
            + [status, text, userID, ""].map { Array($0.utf8) }
    }

    private func decide(_ request: borrowing Message) -> Decision {
        let key = key(in: request)
        let isVersionOne = request.count >= 8 && request[2].copy() == Array("1.0".utf8)
        let isOurDomain = request.count >= 8 && request[4].copy() == domain
        return state.withLock { state in
            guard isVersionOne else {
                state.counts.malformed += 1
                return .malformed
            }
            guard isOurDomain, let key else {
                state.counts.refused += 1
                return .refuse(reason: isOurDomain ? "CURVE is required" : "unknown domain")
            }
            guard let users = state.users else {
                state.counts.deferred += 1
                return .tryAgain
            }
            guard let userID = users[key] else {
                if strangers == .mayAskAgain {
                    state.counts.deferred += 1
                    return .tryAgain
                }
                state.counts.refused += 1
                return .refuse(reason: "unknown key")
            }
            state.counts.admitted += 1
            return .admit(userID: userID)
        }
    }

    private func key(in request: borrowing Message) -> CurveKey? {
        guard request.count == 9, request[7].copy() == Array("CURVE".utf8) else { return nil }
        return CurveKey(binary: request[8].bytes)
    }
}
