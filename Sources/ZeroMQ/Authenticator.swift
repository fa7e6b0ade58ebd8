import Synchronization

/// Decides which CURVE keys may connect: the process's ZAP handler (ZMQ RFC 27).
///
/// Runs on its own thread and answers from memory, so that a handshake never waits for a disk.
/// Start it before the sockets bind; while there is none, their enforced domain refuses everybody.
///
/// | answer | to |
/// |---|---|
/// | 200 with the user's id | a key on the list |
/// | 300, try again | any key before the first list is set; others with `Strangers.mayAskAgain` |
/// | 400 | other keys, other domains, the NULL and PLAIN mechanisms |
///
/// It is asked once per connection: a key taken off the list keeps what it has until it reconnects
/// (see ``Socket/unbind(_:)``).
package final class Authenticator: Sendable {
    /// How often each answer was given since the start.
    package struct Counts: Equatable, Sendable {
        /// Answers 200.
        package internal(set) var admitted = 0
        /// Answers 300.
        package internal(set) var deferred = 0
        /// Answers 400.
        package internal(set) var refused = 0
        /// Requests that were not ZAP 1.0 and got the answer 500 or none.
        package internal(set) var malformed = 0
    }

    /// What a key that is not on the list hears.
    package enum Strangers: Sendable {
        /// 400: its socket gives up for good.
        case areRefused
        /// 300: its socket asks again after its handshake interval; for lists that may be a moment
        /// behind.
        case mayAskAgain
    }

    private let policy: AdmissionPolicy
    private let wakeUp: WakeUp
    private let thread: DedicatedThread

    /// Starts the handler; it answers when this returns.
    /// - Parameters:
    ///   - context: The context of the sockets to guard; it has one handler at a time.
    ///   - domain: The ZAP domain of those sockets.
    ///   - strangers: What a key that is not on the list hears.
    /// - Throws: ``ZeroMQError``; `addressInUse` when the context has a handler.
    package init(
        in context: Context, domain: String, strangers: Strangers = .areRefused
    ) throws(ZeroMQError) {
        let policy = AdmissionPolicy(domain: domain, strangers: strangers)
        let wakeUp = try WakeUp()
        var options = SocketOptions()
        // A peer that gave up its handshake is no error here.
        options.routerMandatory = false
        let socket = try Socket(.router, in: context, options: options)
        _ = try socket.bind("inproc://zeromq.zap.01")
        self.policy = policy
        self.wakeUp = wakeUp
        thread = try DedicatedThread(named: "zap", owning: socket) { socket in
            serveZap(socket, policy, until: wakeUp)
        }
    }

    deinit { stop() }

    /// Replaces the list at once, from any thread.
    /// - Parameter users: Each key with the id that messages from it will carry as `User-Id`.
    /// - Throws: ``ZeroMQError`` with `invalidArgument` for an id that is empty, above 255 bytes or
    ///   contains a zero byte, where C would cut it short; the former list stays.
    package func admit(only users: [CurveKey: String]) throws(ZeroMQError) {
        for id in users.values {
            guard (1...255).contains(id.utf8.count), !id.utf8.contains(0) else {
                throw ZeroMQError(
                    .invalidArgument, "set the admitted users",
                    "a user id is 1 to 255 bytes, none of them zero")
            }
        }
        policy.replace(users)
    }

    /// What was answered so far.
    package var counts: Counts { policy.counts }

    /// Ends the handler and waits for its thread; again does nothing.
    package func stop() {
        wakeUp.signal()
        thread.join()
    }
}

/// The handler's thread: answers requests until it is told to stop or the context ends.
private func serveZap(
    _ socket: consuming Socket, _ policy: AdmissionPolicy, until stop: WakeUp
) {
    var poller = Poller()
    _ = poller.add(socket)
    let stopKey = poller.add(stop)
    var message = Message(maximumFrames: 16)
    do {
        while true {
            try poller.poll(timeout: nil)
            if poller.isReadable(stopKey) { return }
            while try socket.receive(into: &message) != .nothing {
                guard let reply = policy.reply(to: message) else { continue }
                _ = try socket.send(reply)
            }
        }
    } catch {
        // The context ends, and no handshake can start any more.
    }
}
