import Bundles
import Glibc
import Hashing
import Vocabulary

/// A data set in the worker's folder: its files, and how far it has come.
///
/// Nothing but the files says which chunks are here: those whose hashes fit. A worker that was
/// killed, or whose host lost power, so never takes what it did not write for its own.
struct DataShelf: Sendable {
    /// The folder of this data set.
    let path: String

    /// The folder of the files.
    var contentPath: String { path + "/content" }
    /// Says when it is whole, with the path of its one file in `content`, empty for a folder.
    private var completePath: String { path + "/complete" }
    /// How many bytes its files take; its time says when it was last used.
    private var stampPath: String { path + "/bytes" }

    private var manifestPath: String { path + "/manifest" }

    /// What it consists of, as it was when it was begun.
    func manifest() throws(WorkerError) -> DataManifest {
        let bytes = try LocalFile.bytes(of: manifestPath, atMost: Limits.manifestBytes)
        do throws(DataManifest.Problem) { return try DataManifest(bytes: bytes) } catch {
            throw WorkerError("\(manifestPath) is of no use: \(error)")
        }
    }

    /// Whether all of it is here and was checked.
    var isComplete: Bool { unsafe access(completePath, F_OK) == 0 }

    /// What a trial is given: the file or the folder.
    func trialPath() throws(WorkerError) -> String {
        let name = try LocalFile.text(of: completePath)
        return name.isEmpty ? contentPath : "\(contentPath)/\(name)"
    }

    /// Bytes of its files; nil when it was not begun.
    var byteCount: UInt64? {
        // What was never begun, or is being removed, takes nothing that is known.
        (try? LocalFile.text(of: stampPath)).flatMap { UInt64($0) }
    }

    /// When it was last used, in seconds since 1970.
    var lastUse: Int64 { LocalFile.time(of: stampPath) ?? 0 }

    /// Notes that it is used now.
    func touch() {
        // A time that cannot be set makes it go sooner, and no more.
        _ = unsafe utimensat(AT_FDCWD, stampPath, nil, 0)
    }

    /// Makes the files, and returns which chunks an earlier try left.
    func begin(_ manifest: DataManifest) throws(Transfer.Problem) -> ChunkSet {
        for folder in [path, contentPath] {
            // Whatever the service's mask is: trials may run as another user.
            guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST,
                unsafe chmod(folder, 0o755) == 0
            else { throw .local(.system("make", folder)) }
        }
        let isNew = byteCount == nil
        do throws(WorkerError) {
            if isNew {
                try LocalFile.write(manifest.bytes, to: manifestPath)
                try LocalFile.write(Array("\(manifest.byteCount)".utf8), to: stampPath)
            }
        } catch {
            throw .local(error)
        }
        var files = DataFiles(manifest, in: contentPath, isWritable: true)
        var held = ChunkSet(count: manifest.chunks.count)
        do throws(BundleError) {
            if !isNew {
                for chunk in 0..<manifest.chunks.count {
                    guard let bytes = try files.read(chunk),
                        Digest.of(bytes) == manifest.chunks[chunk]
                    else { continue }
                    held.insert(chunk)
                }
            }
            try files.create()
        } catch {
            throw .local(WorkerError("\(error)"))
        }
        return held
    }

    /// Makes what is here durable and read-only, and says that it is whole.
    func finish(_ manifest: DataManifest) throws(Transfer.Problem) {
        var files = DataFiles(manifest, in: contentPath, isWritable: true)
        do throws(BundleError) { try files.finish() } catch {
            throw .local(WorkerError("\(error)"))
        }
        do throws(WorkerError) {
            let name = manifest.isFolder ? "" : manifest.files[0].name
            try LocalFile.write(Array(name.utf8), to: completePath)
        } catch {
            throw .local(error)
        }
    }
}
