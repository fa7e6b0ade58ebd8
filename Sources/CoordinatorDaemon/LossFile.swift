import Storage
import Vocabulary

/// Reads the losses that a trial stored: a NumPy file of one dimension of `<f8`.
///
/// The bytes come from a worker, so nothing in them is believed.
enum LossFile {
    /// The most losses that are read: 64 MiB of them.
    static let maximumBytes: UInt64 = 64 << 20

    /// Why losses cannot be used.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The losses in the artifact `digest`.
    static func read(_ digest: Digest, from artifacts: ArtifactStore) throws -> [Double] {
        guard let byteCount = try artifacts.byteCount(of: digest) else {
            throw Problem(description: "the losses \(digest) are not in the artifact store")
        }
        guard byteCount <= maximumBytes else {
            throw Problem(description: "the losses \(digest) are too large: \(byteCount) bytes")
        }
        return try parse(artifacts.read(digest, offset: 0, count: Int(byteCount)))
    }

    /// The numbers in a NumPy file, format version 1.0 (NumPy Enhancement Proposal 1).
    static func parse(_ bytes: [UInt8]) throws(Problem) -> [Double] {
        let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        guard bytes.count >= 10, Array(bytes.prefix(8)) == magic else {
            throw Problem(description: "the losses are not a NumPy file of version 1.0")
        }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count else {
            throw Problem(description: "the NumPy header of the losses is cut off")
        }
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        guard header.contains("'<f8'"), header.contains("'fortran_order': False") else {
            throw Problem(description: "the losses are not little-endian doubles: \(header)")
        }
        let body = bytes[start...]
        guard body.count % 8 == 0, !body.isEmpty else {
            throw Problem(description: "the losses have \(body.count) bytes, not a multiple of 8")
        }
        return stride(from: body.startIndex, to: body.endIndex, by: 8).map { index in
            var bits: UInt64 = 0
            for offset in 0..<8 { bits |= UInt64(body[index + offset]) << UInt64(8 * offset) }
            return Double(bitPattern: bits)
        }
    }
}
