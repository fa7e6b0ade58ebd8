import SwiftProtobuf

/// Builds one frame, entry by entry.
struct FrameWriter: ~Copyable {
    private var bytes: [UInt8]
    private(set) var count = 0

    /// Starts a frame.
    init(_ content: FrameContent, version: UInt32, capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(FrameLayout.headerBytes + capacity)
        bytes += FrameLayout.magic
        bytes.append(content.rawValue)
        bytes.appendLittleEndian(version)
        bytes.append(contentsOf: repeatElement(0, count: 12))
    }

    /// Bytes so far, with the header.
    var byteCount: Int { bytes.count }

    /// Adds an entry of `kind` that every reader must know.
    mutating func append(kind: Int, body: [UInt8]) {
        bytes.appendLittleEndian(UInt16(truncatingIfNeeded: kind))
        bytes.appendLittleEndian(0 as UInt16)
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: body.count))
        bytes += body
        count += 1
    }

    /// The frame, followed by `payload`, which the checksum leaves out.
    consuming func finish(payload: [UInt8] = []) -> [UInt8] {
        let length = bytes.count - FrameLayout.headerBytes
        bytes.setLittleEndian(UInt32(truncatingIfNeeded: count), at: FrameLayout.countPlace)
        bytes.setLittleEndian(UInt32(truncatingIfNeeded: length), at: FrameLayout.lengthPlace)
        let checksum = FrameReader.checksum(of: bytes.span, entries: length)
        bytes.setLittleEndian(checksum, at: FrameLayout.checksumPlace)
        bytes += payload
        return bytes
    }
}

extension SwiftProtobuf.Message {
    /// The message in Protocol Buffers form.
    var body: [UInt8] {
        do {
            return try serializedBytes(partial: true)
        } catch {
            // Encoding fails only above 2 GiB, far beyond the limits on sweeps and messages.
            preconditionFailure("a \(Self.self) cannot be encoded: \(error)")
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendLittleEndian(_ number: UInt16) {
        append(UInt8(truncatingIfNeeded: number))
        append(UInt8(truncatingIfNeeded: number >> 8))
    }

    fileprivate mutating func appendLittleEndian(_ number: UInt32) {
        appendLittleEndian(UInt16(truncatingIfNeeded: number))
        appendLittleEndian(UInt16(truncatingIfNeeded: number >> 16))
    }

    fileprivate mutating func setLittleEndian(_ number: UInt32, at place: Int) {
        for index in 0..<4 {
            self[place + index] = UInt8(truncatingIfNeeded: number >> UInt32(8 * index))
        }
    }
}
