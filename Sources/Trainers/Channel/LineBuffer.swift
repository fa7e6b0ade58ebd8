/// Cuts the bytes of a stream into lines, holding back at most one unfinished line.
package struct LineBuffer: Sendable {
    /// The most bytes of one line, without its line feed.
    package static let lineBytes = 64 * 1024

    private var unfinished: [UInt8] = []

    /// An empty buffer.
    package init() {}

    /// Takes what was read and gives the lines that it completes, without their line feeds.
    ///
    /// Throws when a line is longer than ``lineBytes``; the stream is of no use after that.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(ChannelError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(unfinished)
                unfinished.removeAll(keepingCapacity: true)
            } else if unfinished.count == Self.lineBytes {
                throw ChannelError("a line is longer than \(Self.lineBytes) bytes")
            } else {
                unfinished.append(byte)
            }
        }
        return lines
    }
}
