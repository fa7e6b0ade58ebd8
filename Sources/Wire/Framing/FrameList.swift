import SwiftProtobuf
import Vocabulary

/// Spreads control messages over as few frames as the limits allow.
struct FrameList: ~Copyable {
    /// The largest body that fits a control frame.
    static let largestBody =
        Limits.controlFrameBytes - FrameLayout.headerBytes - FrameLayout.entryHeaderBytes

    private let content: FrameContent
    private var finished: [[UInt8]] = []
    private var writer: FrameWriter

    /// No frames yet.
    init(_ content: FrameContent) {
        self.content = content
        writer = FrameWriter(content, version: ProtocolVersion.current)
    }

    /// Adds a message to the last frame, or to a new one when it is full.
    mutating func append(_ kind: some RawRepresentable<Int>, _ body: [UInt8]) {
        let room = Limits.controlFrameBytes - FrameLayout.entryHeaderBytes - writer.byteCount
        if writer.count == Limits.messagesPerFrame || writer.count > 0 && body.count > room {
            var full = FrameWriter(content, version: ProtocolVersion.current)
            swap(&full, &writer)
            finished.append(full.finish())
        }
        writer.append(kind: kind.rawValue, body: body)
    }

    /// The frames; none when nothing was added.
    consuming func finish() -> [[UInt8]] {
        if writer.count > 0 { finished.append(writer.finish()) }
        return finished
    }
}
