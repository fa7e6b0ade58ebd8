/// How the log of an ended trial says that its start was left out: in its first line.
package struct CutLog: Hashable, Sendable {
    private static let beginning = "[picoml: the first "
    private static let end = " bytes of this log are left out]\n"

    /// Bytes that were left out.
    package var leftOut: UInt64

    /// A log whose first `leftOut` bytes were left out.
    package init(leftOut: UInt64) { self.leftOut = leftOut }

    /// The first line.
    package var line: String { "\(Self.beginning)\(leftOut)\(Self.end)" }

    /// The most bytes that the first line has.
    package static let longestLine = beginning.utf8.count + 20 + end.utf8.count

    /// Reads the first line of a log from its beginning; nil for a log that is whole.
    package init?(beginning bytes: some Sequence<UInt8>) {
        let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard text.hasPrefix(Self.beginning), text.hasSuffix(Self.end.dropLast()) else {
            return nil
        }
        let digits = text.dropFirst(Self.beginning.count).dropLast(Self.end.count - 1)
        guard let leftOut = UInt64(digits) else { return nil }
        self.leftOut = leftOut
    }

    /// Where in what is kept the byte lies that was at `offset` while the trial ran; the beginning,
    /// with the first line, for one that was left out.
    package func position(of offset: UInt64) -> UInt64 {
        offset < leftOut ? 0 : offset - leftOut + UInt64(line.utf8.count)
    }
}
