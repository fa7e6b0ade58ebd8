import Scheduling
import Synchronization
import Vocabulary
import ZeroMQ

/// The users whose keys are let in, for both loops.
///
/// The handshake asks for a key once per connection, so one that is let in no longer may still
/// have a connection: whatever comes through it is dropped, and it is cut.
final class AdmittedUsers: Sendable {
    private let users = Mutex<Set<AdmittedUser>>([])

    /// Replaces the list at once.
    func replace(with admitted: Set<AdmittedUser>) { users.withLock { $0 = admitted } }

    private func contains(_ user: AdmittedUser) -> Bool {
        users.withLock { $0.contains(user) }
    }

    /// Who sent a message of two frames that a ROUTER received; nil when nobody who is let in did.
    func sender(of message: borrowing Message) -> AdmittedUser? {
        // The routing frame lacks the sender's identity in libzmq 4.3.4; the body has it.
        guard message.count == 2,
            let user = message[1].metadata("User-Id").flatMap({ AdmittedUser(text: $0) })
        else { return nil }
        guard contains(user) else {
            message[1].cutConnection()
            return nil
        }
        return user
    }
}
