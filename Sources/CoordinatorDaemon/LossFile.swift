import Datasets
import Storage
import Vocabulary

/// Reads the losses that a trial stored.
///
/// The bytes come from a worker, so nothing in them is believed.
enum LossFile {
    /// The most bytes that are read: 64 MiB, eight million rows.
    private static let maximumBytes: UInt64 = 64 << 20

    /// Why losses cannot be used.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// The losses in the artifact `digest`, one for each of the gate's rows.
    static func read(_ digest: Digest, from artifacts: ArtifactStore) throws -> [Double] {
        guard let byteCount = try artifacts.byteCount(of: digest) else {
            throw Problem(description: "the losses \(digest) are not in the artifact store")
        }
        guard byteCount <= maximumBytes else {
            throw Problem(description: "the losses \(digest) are too large: \(byteCount) bytes")
        }
        return try Losses.read(artifacts.read(digest, offset: 0, count: Int(byteCount)))
    }
}
