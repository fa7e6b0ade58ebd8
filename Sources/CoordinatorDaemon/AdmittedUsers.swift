import Scheduling
import Synchronization
import Vocabulary
import ZeroMQ

/// The users whose keys are let in, for both loops.
///
/// The handshake asks for a key once per connection, so one that is let in no longer may still
/// have a connection: whatever comes through it is dropped, and it is cut.
final class AdmittedUsers: Sendable {
    private let state = Mutex(State())

    private struct State {
        var users: Set<AdmittedUser> = []
        /// When the last ones left the list.
        var departures: [AdmittedUser: Instant] = [:]
    }

    private enum Standing {
        case admitted, leaving, gone
    }

    /// How long a connection may stay for the message that says why it ends.
    private static let farewell = Duration.milliseconds(500)

    /// Replaces the list at once.
    func replace(with admitted: Set<AdmittedUser>) {
        let now = Clock.now()
        state.withLock { state in
            state.departures = state.departures.filter { now - $0.value < Self.farewell }
            for user in state.users.subtracting(admitted) { state.departures[user] = now }
            state.users = admitted
        }
    }

    private func standing(of user: AdmittedUser) -> Standing {
        state.withLock { state in
            if state.users.contains(user) { return .admitted }
            guard let time = state.departures[user] else { return .gone }
            return Clock.now() - time < Self.farewell ? .leaving : .gone
        }
    }

    /// Who sent a message of two frames that a ROUTER received; nil when nobody who is let in did.
    func sender(of message: borrowing Message) -> AdmittedUser? {
        // The routing frame lacks the sender's identity in libzmq 4.3.4; the body has it.
        guard message.count == 2,
            let user = message[1].metadata("User-Id").flatMap({ AdmittedUser(text: $0) })
        else { return nil }
        switch standing(of: user) {
        case .admitted: return user
        case .leaving: return nil
        case .gone:
            message[1].cutConnection()
            return nil
        }
    }
}
