import Bundles
import Foundation
import Hashing
package import Vocabulary

/// Brings packed folders, such as code and checkpoints, from the coordinator to this host.
package struct FetchedFolder: Sendable {
    private let client: CoordinatorClient

    /// Bytes that are asked for at once.
    private static let partBytes: UInt64 = 8 << 20
    /// What a person asked for may be as large as what a trial could write.
    private static let limits = BundleLimits(byteCount: 1 << 50, fileCount: 10_000_000)

    /// Gets folders through `client`.
    package init(_ client: CoordinatorClient) { self.client = client }

    /// Makes the folder `folder`, which must not exist, from an archive of `byteCount` bytes.
    ///
    /// - Parameters:
    ///   - digest: The archive's hash, which is checked.
    ///   - byteCount: The archive's length.
    ///   - folder: The folder to make.
    ///   - progress: Called with the bytes that are here, again and again.
    /// - Throws: An error when the coordinator does not answer, the bytes are not those of the
    ///   hash, or the folder exists or cannot be written.
    package func fetch(
        _ digest: Digest, byteCount: UInt64, into folder: String,
        progress: (UInt64) -> Void = { _ in }
    ) async throws(ClientError) {
        let archive = "\(folder).\(RandomBytes.hexToken().prefix(8)).part"
        // It is of no use afterwards; one that cannot be removed is seen by the person.
        defer { try? FileManager.default.removeItem(atPath: archive) }
        guard FileManager.default.createFile(atPath: archive, contents: nil),
            let file = FileHandle(forWritingAtPath: archive)
        else { throw ClientError(.badInput, "\(archive) cannot be written.") }
        var position: UInt64 = 0
        while position < byteCount {
            let end = min(position + Self.partBytes, byteCount)
            let bytes = try await client.part(position..<end, of: digest)
            guard bytes.count == end - position else { throw Self.damaged }
            do { try file.write(contentsOf: bytes) } catch {
                throw ClientError(.failed, "\(archive) cannot be written: \(error).")
            }
            position = end
            progress(position)
        }
        do {
            try file.close()
            guard try Digest.ofFile(archive).digest == digest else { throw Self.damaged }
            try Unpacking.unpack(
                archiveAt: archive, into: folder, limits: Self.limits, isReadOnly: false)
        } catch let error as ClientError {
            throw error
        } catch let error as BundleError {
            throw ClientError(.badInput, "\(folder) cannot be made: \(error)")
        } catch {
            throw ClientError(.failed, "\(archive) cannot be read: \(error)")
        }
    }

    private static let damaged = ClientError(
        .failed, "The coordinator sent other bytes than it was asked for.", fix: "Try again.")
}
