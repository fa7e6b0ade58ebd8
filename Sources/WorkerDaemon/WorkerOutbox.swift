import DequeModule
import Vocabulary
import Wire
import ZeroMQ

/// Messages on their way to the coordinator, batched into frames.
///
/// Nothing here is the only copy: results wait in the spool and reports in the machine until
/// the coordinator has answered, so a new connection starts with an empty outbox.
struct WorkerOutbox {
    private var messages: [WorkerMessage] = []
    private var frames: Deque<[UInt8]> = []

    /// Whether something waits for the connection.
    var isBlocked: Bool { !frames.isEmpty }

    mutating func append(_ message: WorkerMessage) { messages.append(message) }

    mutating func removeAll() {
        messages.removeAll()
        frames.removeAll()
    }

    /// Sends what can be sent.
    mutating func flush(through socket: borrowing Socket) throws(ZeroMQError) {
        if !messages.isEmpty {
            frames.append(contentsOf: ControlCodec.encodeFrames(messages))
            messages.removeAll(keepingCapacity: true)
        }
        while let frame = frames.first, try socket.send([frame]) == .sent {
            frames.removeFirst()
        }
    }
}
