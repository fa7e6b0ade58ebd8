package import API
import Bundles
import Hashing
package import Vocabulary

/// A file or folder of this host that was read to become a data set.
package struct PreparedDataSet: Sendable {
    /// The path as the person named it.
    package let path: String
    /// What it consists of.
    package let manifest: DataManifest
    /// The hash of the manifest, which names the content.
    package let digest: Digest

    /// Bytes that are sent at once.
    private static let partBytes = 8 << 20

    /// Reads all of what is at `path`; memory does not grow with it.
    ///
    /// - Parameters:
    ///   - path: The file or folder.
    ///   - progress: Called with the bytes that were read, and those there are.
    /// - Returns: What was read.
    /// - Throws: An error that names the file that no data set can hold or that cannot be read.
    package static func read(
        _ path: String, progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(ClientError) -> PreparedDataSet {
        do throws(BundleError) {
            let survey = try DataSurvey(path)
            let manifest = try survey.manifest { progress($0, survey.byteCount) }
            return PreparedDataSet(
                path: path, manifest: manifest, digest: Digest.of(manifest.bytes))
        } catch {
            throw ClientError(.badInput, "\(path) cannot be a data set: \(error).")
        }
    }

    /// Makes it known as `name`, once the coordinator has what it lacks of it.
    ///
    /// - Parameters:
    ///   - name: The name that sweep files use.
    ///   - location: The absolute path that all hosts share, to be used in place; nil to store
    ///     the bytes on the coordinator.
    ///   - client: Speaks to the coordinator.
    ///   - progress: Called with the bytes that the coordinator has, and those there are.
    /// - Returns: The data set as the coordinator knows it.
    /// - Throws: An error when a file changed meanwhile or the coordinator does not take it.
    package func add(
        as name: String, at location: String?, to client: CoordinatorClient,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws(ClientError) -> DataSetDocument {
        if location == nil { try await store(on: client, progress) }
        let bytes = manifest.bytes
        var sent = try await client.store([], at: 0, of: digest, total: UInt64(bytes.count))
        while sent < bytes.count {
            let part = Array(bytes[Int(sent)...].prefix(Self.partBytes))
            sent = try await client.store(part, at: sent, of: digest, total: UInt64(bytes.count))
        }
        return try await client.addData(
            DataSetRequest(name: name, digest: digest, location: location))
    }

    /// Sends the files, from where an earlier try stopped.
    private func store(
        on client: CoordinatorClient, _ progress: (UInt64, UInt64) -> Void
    ) async throws(ClientError) {
        let total = manifest.byteCount
        let chunkBytes = UInt64(DataManifest.chunkBytes)
        var files = DataFiles(manifest, in: DataFiles.folder(of: path, manifest))
        var sent = try await client.store([], at: 0, of: manifest.payload, total: total)
        progress(sent, total)
        while sent < total {
            var part: [UInt8] = []
            // What is there may end within a chunk; its beginning is sent again then.
            let first = Int(sent / chunkBytes)
            var chunk = first
            while chunk < manifest.chunks.count, part.count < Self.partBytes {
                part += try Self.read(chunk, of: &files, path)
                chunk += 1
            }
            sent = try await client.store(
                part, at: UInt64(first) * chunkBytes, of: manifest.payload, total: total)
            progress(sent, total)
        }
    }

    private static func read(
        _ chunk: Int, of files: inout DataFiles, _ path: String
    ) throws(ClientError) -> [UInt8] {
        do throws(BundleError) {
            if let bytes = try files.read(chunk), Digest.of(bytes) == files.manifest.chunks[chunk] {
                return bytes
            }
        } catch {
            throw ClientError(.failed, "\(path) cannot be read: \(error).")
        }
        throw ClientError(
            .failed, "\(path) changed while it was sent.",
            fix: "Try again when nobody writes to it.")
    }
}
