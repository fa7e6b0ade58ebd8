package import Vocabulary
import SwiftProtobuf

/// A result that waits on the worker's disk until the coordinator acknowledges it.
package struct SpoolEntry: Hashable, Sendable {
    /// What the worker says of the attempt.
    package var result: AttemptResult
    /// The folder with the attempt's files.
    package var directory: String

    /// The result of the attempt whose files are in `directory`.
    package init(result: AttemptResult, directory: String) {
        self.result = result
        self.directory = directory
    }
}

/// What could be read from a spool file.
package struct SpoolContents: Hashable, Sendable {
    /// The whole entries, in the order in which they were written.
    package var entries: [SpoolEntry] = []
    /// Where the last whole entry ends, in bytes: a torn tail is cut by truncating to it.
    package var wholeByteCount = 0
    /// Why places between whole entries could not be read: the disk or a person changed them.
    ///
    /// A torn tail, which a power failure leaves, is not among them.
    package var damage: [WireError] = []

    /// Nothing.
    package init() {}
}

/// Results in a spool file: frames one after the other, each with its length and checksum.
package enum SpoolCodec {
    /// The format that this build writes, and the newest one it reads.
    package static let formatVersion: UInt32 = 1

    /// The bytes to append to the spool file for `entry`.
    package static func encode(_ entry: SpoolEntry) -> [UInt8] {
        var body = SchemaSpooledResult()
        body.result = SchemaAttemptResult(entry.result)
        body.directory = entry.directory
        var writer = FrameWriter(.spooledResult, version: formatVersion)
        writer.append(kind: 1, body: body.body)
        return writer.finish()
    }

    /// All entries of a spool file that are whole, whatever became of the bytes around them.
    package static func decode(_ bytes: Span<UInt8>) -> SpoolContents {
        var contents = SpoolContents()
        var place = 0
        var pending: WireError?
        while place < bytes.count {
            do throws(WireError) {
                let (entry, length) = try read(bytes.extracting(place..<bytes.count))
                contents.entries.append(entry)
                place += length
                contents.wholeByteCount = place
                if let error = pending { contents.damage.append(error) }
                pending = nil
            } catch {
                pending = pending ?? error
                place = nextStart(bytes, after: place)
            }
        }
        return contents
    }

    /// All entries of a spool file that are whole; see ``decode(_:)-(Span<UInt8>)``.
    package static func decode(_ bytes: [UInt8]) -> SpoolContents { decode(bytes.span) }

    private static func read(_ bytes: Span<UInt8>) throws(WireError) -> (SpoolEntry, Int) {
        var reader = try FrameReader(bytes, content: .spooledResult, limit: 1)
        guard (1...formatVersion).contains(reader.version) else {
            throw .newerFormat(version: reader.version, newest: formatVersion)
        }
        guard let entry = try reader.next(bytes) else {
            throw .invalid(field: "spool.result", problem: "is missing")
        }
        _ = try reader.next(bytes)
        let body = try entry.decode(SchemaSpooledResult.self, bytes)
        let result = try body.result.decoded(.disk)
        return (SpoolEntry(result: result, directory: body.directory), reader.end)
    }

    /// Where the next frame may begin, or the end.
    private static func nextStart(_ bytes: Span<UInt8>, after place: Int) -> Int {
        var next = place + 1
        while next < bytes.count,
            !FrameReader.isStart(of: .spooledResult, bytes, at: next)
        {
            next += 1
        }
        return next
    }
}
