import SwiftProtobuf

/// One message or record in a frame: its kind and where its body is.
struct FrameEntry {
    /// The number from the enumeration of kinds.
    var kind: UInt16
    /// Whether a reader that does not know the kind skips it.
    var isOptional: Bool
    /// Where the body is in the frame.
    var range: Range<Int>
}

/// Takes one frame apart without copying it.
struct FrameReader {
    /// The version in the header.
    let version: UInt32
    /// Entries that have not been read yet.
    private(set) var remaining: Int
    /// Where the entries end, and the payload of an artifact frame begins.
    let end: Int
    private var place = FrameLayout.headerBytes

    /// Reads the header at the front of `bytes` and checks the checksum of the entries.
    ///
    /// - Throws: `WireError` unless `bytes` starts with a whole, unchanged frame of `content` with
    ///   at most `limit` entries.
    init(_ bytes: Span<UInt8>, content: FrameContent, limit: Int) throws(WireError) {
        let header = FrameLayout.headerBytes
        guard bytes.count >= header else {
            throw .length(declared: header, present: bytes.count)
        }
        guard Self.isStart(of: content, bytes, at: 0) else { throw .foreign }
        version = bytes.littleEndianWord(at: 4)
        remaining = Int(bytes.littleEndianWord(at: FrameLayout.countPlace))
        let length = Int(bytes.littleEndianWord(at: FrameLayout.lengthPlace))
        guard remaining <= limit else { throw .tooLarge(count: remaining, limit: limit) }
        guard length <= bytes.count - header else {
            throw .length(declared: header + length, present: bytes.count)
        }
        end = header + length
        let checksum = bytes.littleEndianWord(at: FrameLayout.checksumPlace)
        guard checksum == Self.checksum(of: bytes, entries: length) else { throw .checksum }
    }

    /// Whether a header of `content` may begin at `place`.
    static func isStart(of content: FrameContent, _ bytes: Span<UInt8>, at place: Int) -> Bool {
        guard bytes.count - place >= 4 else { return false }
        for index in 0..<3 where bytes[place + index] != FrameLayout.magic[index] { return false }
        return bytes[place + 3] == content.rawValue
    }

    /// The checksum of a header and of the `length` bytes of entries behind it.
    static func checksum(of bytes: Span<UInt8>, entries length: Int) -> UInt32 {
        let header = FrameLayout.headerBytes
        let start = CRC32C.checksum(of: bytes.extracting(0..<FrameLayout.checksumPlace))
        return CRC32C.checksum(of: bytes.extracting(header..<header + length), after: start)
    }

    /// The next entry, or nil when all were read.
    ///
    /// - Throws: `WireError.length` when the entries do not fill their place exactly.
    mutating func next(_ bytes: Span<UInt8>) throws(WireError) -> FrameEntry? {
        guard remaining > 0 else {
            guard place == end else { throw .length(declared: place, present: end) }
            return nil
        }
        guard end - place >= FrameLayout.entryHeaderBytes else {
            throw .length(declared: place + FrameLayout.entryHeaderBytes, present: end)
        }
        let kind = bytes.littleEndianHalf(at: place)
        let flags = bytes.littleEndianHalf(at: place + 2)
        let length = Int(bytes.littleEndianWord(at: place + 4))
        let start = place + FrameLayout.entryHeaderBytes
        guard length <= end - start else { throw .length(declared: start + length, present: end) }
        place = start + length
        remaining -= 1
        return FrameEntry(
            kind: kind, isOptional: flags & FrameLayout.optionalFlag != 0, range: start..<place)
    }

    /// Refuses bytes behind the entries.
    func requireNoPayload(_ bytes: Span<UInt8>) throws(WireError) {
        guard end == bytes.count else { throw .length(declared: end, present: bytes.count) }
    }
}

extension FrameEntry {
    /// Decodes the body; fields that this build does not know are dropped.
    func decode<Body: SwiftProtobuf.Message>(
        _: Body.Type, _ bytes: Span<UInt8>
    ) throws(WireError) -> Body {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        // The deepest message, a sweep with a condition on a parameter, has six levels.
        options.messageDepthLimit = 8
        do {
            // Unsafe only for elements with padding, of which a byte has none.
            let body = unsafe bytes.extracting(range).bytes
            return try Body(serializedBytes: body, partial: true, options: options)
        } catch {
            throw .malformed(kind: kind)
        }
    }

    /// What to do with a kind that this build does not know: nothing if it is optional.
    func skipIfOptional(version: UInt32) throws(WireError) {
        guard isOptional else { throw .unknownKind(kind, version: version) }
    }
}
