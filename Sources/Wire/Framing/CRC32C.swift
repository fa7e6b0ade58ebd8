/// The Castagnoli checksum, which finds every error of up to 32 bits in a row.
///
/// Polynomial 0x1EDC6F41, reflected (RFC 3720, appendix B.4), eight bytes at a step as in Kounavis
/// and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation", 2008.
enum CRC32C {
    /// Eight tables of 256: table k holds the remainder of a byte followed by k zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
            tables[byte] = remainder
        }
        for place in 256..<tables.count {
            let shorter = tables[place - 256]
            tables[place] = shorter >> 8 ^ tables[Int(shorter & 255)]
        }
        return tables
    }()

    /// The checksum of `bytes`, or of what had the checksum `start` followed by `bytes`.
    static func checksum(of bytes: Span<UInt8>, after start: UInt32 = 0) -> UInt32 {
        let tables = Self.tables.span
        var remainder = ~start
        var place = 0
        while bytes.count - place >= 8 {
            let low = remainder ^ bytes.littleEndianWord(at: place)
            let high = bytes.littleEndianWord(at: place + 4)
            let first = tables[1792 + Int(low & 255)] ^ tables[1536 + Int(low >> 8 & 255)]
            let second = tables[1280 + Int(low >> 16 & 255)] ^ tables[1024 + Int(low >> 24)]
            let third = tables[768 + Int(high & 255)] ^ tables[512 + Int(high >> 8 & 255)]
            let fourth = tables[256 + Int(high >> 16 & 255)] ^ tables[Int(high >> 24)]
            remainder = first ^ second ^ third ^ fourth
            place += 8
        }
        while place < bytes.count {
            remainder = remainder >> 8 ^ tables[Int((remainder ^ UInt32(bytes[place])) & 255)]
            place += 1
        }
        return ~remainder
    }
}

extension Span<UInt8> {
    /// The 32-bit number whose least significant byte is at `place`.
    func littleEndianWord(at place: Int) -> UInt32 {
        UInt32(self[place]) | UInt32(self[place + 1]) << 8 | UInt32(self[place + 2]) << 16
            | UInt32(self[place + 3]) << 24
    }

    /// The 16-bit number whose least significant byte is at `place`.
    func littleEndianHalf(at place: Int) -> UInt16 {
        UInt16(self[place]) | UInt16(self[place + 1]) << 8
    }
}
