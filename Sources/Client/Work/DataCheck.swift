package import API
import Bundles
import Hashing
package import Vocabulary

/// Reads a data set again and compares it with its manifest, chunk by chunk.
package struct DataCheck: Hashable, Sendable, Codable {
    /// The data set's name.
    package var name: String
    /// The content that was compared with.
    package var digest: Digest
    /// What was read: a path of this host, or nil for the coordinator's copy.
    package var location: String?
    /// Bytes that were read.
    package var byteCount: UInt64
    /// Files of chunks that differ or are missing, up to ten; small files share a chunk.
    package var damaged: [String]

    private static let listed = 10

    /// Describes what was found; see the properties.
    package init(
        name: String, digest: Digest, location: String?, byteCount: UInt64, damaged: [String]
    ) {
        self.name = name
        self.digest = digest
        self.location = location
        self.byteCount = byteCount
        self.damaged = damaged
    }

    /// Whether everything is as it was added.
    package var isSound: Bool { damaged.isEmpty }

    /// Checks the coordinator's copy of `data`; one that is used in place, at its location.
    ///
    /// - Parameters:
    ///   - data: The data set.
    ///   - path: A copy on this host to check instead.
    ///   - client: Speaks to the coordinator.
    ///   - progress: Called with the bytes that were read, and those there are.
    /// - Returns: What was found.
    /// - Throws: An error when the coordinator does not answer, or files cannot be read.
    package static func run(
        _ data: DataSetDocument, at path: String? = nil, with client: CoordinatorClient,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) async throws(ClientError) -> DataCheck {
        let manifest = try await manifest(of: data, from: client)
        let location = path ?? data.location
        var check = DataCheck(
            name: data.name, digest: data.digest, location: location, byteCount: 0, damaged: [])
        var files = DataFiles(
            manifest, in: location.map { DataFiles.folder(of: $0, manifest) } ?? "")
        for chunk in manifest.chunks.indices {
            let range = manifest.range(of: chunk)
            let bytes: [UInt8]? =
                if location != nil {
                    try read(chunk, of: &files)
                } else {
                    try await client.part(range, of: data.payload)
                }
            if bytes.map({ Digest.of($0) }) != manifest.chunks[chunk] {
                check.note(manifest.pieces(of: chunk).map { manifest.files[$0.file].name })
            }
            check.byteCount = range.upperBound
            progress(range.upperBound, manifest.byteCount)
        }
        return check
    }

    private mutating func note(_ names: [String]) {
        for name in names where !damaged.contains(name) && damaged.count < Self.listed {
            damaged.append(name)
        }
    }

    private static func read(
        _ chunk: Int, of files: inout DataFiles
    ) throws(ClientError) -> [UInt8]? {
        do throws(BundleError) { return try files.read(chunk) } catch {
            throw ClientError(.failed, "The data set cannot be read: \(error).")
        }
    }

    private static func manifest(
        of data: DataSetDocument, from client: CoordinatorClient
    ) async throws(ClientError) -> DataManifest {
        let bytes = try await client.artifact(data.digest)
        do throws(DataManifest.Problem) {
            guard Digest.of(bytes) == data.digest else {
                throw DataManifest.Problem(description: "its hash is another one")
            }
            return try DataManifest(bytes: bytes)
        } catch {
            throw ClientError(
                .failed, "The coordinator's manifest of \(data.name) is damaged: \(error).",
                fix: "Add the data set again.")
        }
    }
}
