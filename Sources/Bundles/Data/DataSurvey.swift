import Glibc
import Hashing
package import Vocabulary

/// Makes the manifest of a file or folder by reading all of it once.
package struct DataSurvey {
    /// The path of the file or folder.
    package let path: String
    /// Whether it is a folder.
    package let isFolder: Bool
    /// Its files, as long as they are now.
    package let files: [DataManifest.File]
    /// Bytes of all files.
    package let byteCount: UInt64

    /// Lists the files at `path`.
    ///
    /// - Throws: `BundleError` when there is nothing, or what no data set can hold: links, and
    ///   anything else that is neither a file nor a folder.
    package init(_ path: String) throws(BundleError) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { throw .system("find", path) }
        self.path = path
        isFolder = facts.st_mode & S_IFMT == S_IFDIR
        if isFolder {
            files = try Self.files(of: path)
        } else {
            guard facts.st_mode & S_IFMT == S_IFREG else {
                throw .unfitData(name: path, reason: "it is neither a file nor a folder")
            }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            files = [
                DataManifest.File(name: name, byteCount: UInt64(max(0, facts.st_size)))
            ]
        }
        for file in files {
            guard let reason = DataManifest.problem(of: file.name) else { continue }
            throw .unfitData(name: file.name, reason: "its name \(reason)")
        }
        byteCount = files.reduce(0) { $0 + $1.byteCount }
        guard byteCount > 0 else { throw .emptyData(path) }
        guard files.count <= Limits.filesPerDataSet else {
            throw .tooMuch(.files(Limits.filesPerDataSet), largest: [])
        }
        guard byteCount <= Limits.artifactBytes else {
            throw .tooMuch(.bytes(Limits.artifactBytes), largest: [])
        }
    }

    private static func files(of path: String) throws(BundleError) -> [DataManifest.File] {
        var files: [DataManifest.File] = []
        for entry in try FolderWalk().entries(of: try FolderHandle(path)) {
            switch entry.kind {
            case .file(let byteCount, _):
                let name = String(decoding: entry.name.bytes, as: UTF8.self)
                files.append(DataManifest.File(name: name, byteCount: byteCount))
            case .folder: break
            case .link:
                throw .unfitData(
                    name: entry.name.text, reason: "it is a link: put what it leads to there")
            }
        }
        return files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Reads everything and makes the manifest; memory does not grow with the bytes.
    ///
    /// - Parameter progress: Called with the bytes that were read, after each chunk.
    /// - Returns: The manifest.
    /// - Throws: `BundleError` when a file cannot be read, or changes meanwhile.
    package func manifest(
        progress: (UInt64) throws(BundleError) -> Void = { _ throws(BundleError) in }
    ) throws(BundleError) -> DataManifest {
        let folder = isFolder ? path : DataFiles.above(path)
        var payload = SHA256()
        var chunks: [Digest] = []
        var chunk: [UInt8] = []
        var done: UInt64 = 0
        for file in files {
            let handle = try DataFile("\(folder)/\(file.name)", O_RDONLY)
            var offset: UInt64 = 0
            while offset < file.byteCount {
                let room = DataManifest.chunkBytes - chunk.count
                let wanted = Int(min(UInt64(room), file.byteCount - offset))
                let bytes = try handle.read(wanted, at: offset)
                guard bytes.count == wanted else { throw .changed(path: file.name) }
                chunk += bytes
                offset += UInt64(wanted)
                guard chunk.count == DataManifest.chunkBytes else { continue }
                payload.update(chunk)
                chunks.append(Digest.of(chunk))
                done += UInt64(chunk.count)
                chunk.removeAll(keepingCapacity: true)
                try progress(done)
            }
            guard UInt64(max(0, try handle.facts().st_size)) == file.byteCount else {
                throw .changed(path: file.name)
            }
        }
        if !chunk.isEmpty {
            payload.update(chunk)
            chunks.append(Digest.of(chunk))
            try progress(done + UInt64(chunk.count))
        }
        do throws(DataManifest.Problem) {
            return try DataManifest(
                isFolder: isFolder, files: files, payload: payload.finalize(), chunks: chunks)
        } catch {
            throw .unfitData(name: path, reason: "\(error)")
        }
    }
}
