package import Vocabulary

/// Whom a CURVE key belongs to: what the handshake makes of it.
package enum AdmittedUser: Hashable, Sendable, CustomStringConvertible {
    /// A worker, by its key of this number: 0 for the first, one more for each that it offered.
    case worker(WorkerID, keyNumber: UInt32)
    /// A worker that waits for a person's approval: it is told so, and no more.
    case pending(WorkerID)
    /// Whoever has the secret of a join token.
    case token(TokenID)

    private static let pendingPrefix = "wait-"
    private static let tokenPrefix = "join-"

    /// Reads the form that `description` writes; nil for anything else.
    package init?(text: String) {
        if text.hasPrefix(Self.tokenPrefix) {
            guard let token = TokenID(text: text.dropFirst(Self.tokenPrefix.count)) else {
                return nil
            }
            self = .token(token)
        } else if text.hasPrefix(Self.pendingPrefix) {
            guard let worker = WorkerID(text: text.dropFirst(Self.pendingPrefix.count)) else {
                return nil
            }
            self = .pending(worker)
        } else {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2, let worker = WorkerID(text: parts[0]),
                let number = UInt32(parts[1])
            else { return nil }
            self = .worker(worker, keyNumber: number)
        }
    }

    /// The user id of the handshake: `7.0` for a worker's first key, `wait-7` while it waits,
    /// `join-3` for a token.
    package var description: String {
        switch self {
        case .worker(let worker, let number): "\(worker).\(number)"
        case .pending(let worker): "\(Self.pendingPrefix)\(worker)"
        case .token(let token): "\(Self.tokenPrefix)\(token)"
        }
    }
}

/// A key that is let in.
package struct Admission: Hashable, Sendable {
    /// Whose key it is.
    package var user: AdmittedUser
    /// The CURVE public key, 40 characters of Z85.
    package var key: String

    /// Lets `key` in as `user`.
    package init(user: AdmittedUser, key: String) {
        self.user = user
        self.key = key
    }
}
