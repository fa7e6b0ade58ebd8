import Foundation
import Testing
import Vocabulary
import Wire
import ZeroMQ

/// A coordinator that says what a test wants it to, over a real socket.
struct ScriptedCoordinator: ~Copyable {
    private let context: Context
    private let socket: Socket
    private let authenticator: Authenticator
    private var message = Message(maximumFrames: 2)
    private var heard: [WorkerMessage] = []
    private var peer: [UInt8] = []
    /// What becomes of each frame before it is sent.
    var change: ([UInt8]) -> [UInt8] = { $0 }

    /// Listens for the worker with `key`, which finds it by the file `worker.json` in `folder`.
    init(for key: String, in folder: String) throws {
        let context = try Context()
        let keys = try CurveKeyPair.generate()
        let authenticator = try Authenticator(in: context, domain: "scripted")
        try authenticator.admit(only: [CurveKey(key): "worker"])
        var options = SocketOptions()
        options.security = .server(secretKey: keys.secretKey, zapDomain: "scripted")
        let socket = try Socket(.router, in: context, options: options)
        let endpoint = try socket.bind("tcp://127.0.0.1:*")
        let file = [
            // Nobody listens for what is said about files.
            "control": endpoint, "artifacts": "tcp://127.0.0.1:1",
            "server_key": keys.publicKey.text,
        ]
        try JSONSerialization.data(withJSONObject: file)
            .write(to: URL(filePath: "\(folder)/worker.json"))
        self.context = context
        self.authenticator = authenticator
        self.socket = socket
    }

    /// Waits until the worker says what `isWanted` holds for, and answers its renewals meanwhile.
    mutating func hear(
        _ what: String, within limit: Duration = .seconds(20),
        _ isWanted: (WorkerMessage) -> Bool
    ) throws -> WorkerMessage {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        var poller = Poller()
        _ = poller.add(socket)
        while true {
            if let index = heard.firstIndex(where: isWanted) {
                let found = heard[index]
                heard.removeFirst(index + 1)
                return found
            }
            try #require(clock.now < deadline, "the worker does not say \(what): \(heard)")
            try poller.poll(timeout: .milliseconds(200))
            while try socket.receive(into: &message) == .message {
                let sender = message[0].copy()
                peer = try #require(sender)
                let messages = try ControlCodec.decodeWorker(message[1].bytes)
                heard += messages
                for case .renew in messages { try say([.renewed]) }
            }
        }
    }

    /// Says `messages` to the worker that was last heard.
    func say(_ messages: [CoordinatorMessage]) throws {
        for frame in ControlCodec.encodeFrames(messages) {
            #expect(try socket.send([peer, change(frame)]) == .sent)
        }
    }

    /// Ends the thread that decides who is let in.
    func stop() {
        context.shutdown()
        authenticator.stop()
    }
}
