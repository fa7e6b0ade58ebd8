import Testing
import Vocabulary
import Wire

/// What a later version of picoml sends: what this one does, with more to it that this one does not
/// know.
///
/// Made by hand from the description in `Schema/picoml.proto`.
enum NewerFrame {
    /// The next version of the protocol.
    static let version = ProtocolVersion.current + 1

    /// A kind of message that there is not.
    private static let unknownKind: UInt16 = 900
    /// Field 100 of a message, a number.
    private static let unknownField: [UInt8] = [0xA0, 0x06, 0x01]

    /// `frame` with the next version in its header, a field more in each message that has any, and
    /// a message more, which readers may skip when it `isOptional`.
    static func make(_ frame: [UInt8], isOptional: Bool = true) -> [UInt8] {
        var entries: [UInt8] = []
        var count: UInt32 = 0
        var place = 20
        while place + 8 <= frame.count {
            let length = Int(word(frame, place + 4))
            let body = frame[(place + 8)..<(place + 8 + length)]
            let longer = body + (body.isEmpty ? [] : unknownField)
            entries += frame[place..<(place + 4)] + little(UInt32(longer.count)) + longer
            place += 8 + length
            count += 1
        }
        let flags: UInt16 = isOptional ? 1 : 0
        entries += little(unknownKind) + little(flags) + little(UInt32(3)) + [1, 2, 3]
        let front =
            frame[..<4] + little(version) + little(count + 1) + little(UInt32(entries.count))
        return front + little(checksum(front + entries)) + entries
    }

    /// CRC-32C bit by bit, straight from its polynomial.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
        }
        return ~remainder
    }

    private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<(number.bitWidth / 8)).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << ($1 * 8) }
    }
}
