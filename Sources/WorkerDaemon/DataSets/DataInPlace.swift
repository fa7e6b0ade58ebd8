import Bundles
import Glibc
import Hashing
import Logging
import Vocabulary

/// A data set that is used where it lies, on storage that hosts share.
///
/// All of it is hashed once by each worker. After that the sizes and times of its files say
/// whether it is still the same; when any of them differs, all is hashed again.
struct DataInPlace {
    let data: DataSet
    let location: String
    let manifest: DataManifest
    let shelf: DataShelf
    let queue: TransferQueue
    let logger: Logger

    /// What the files looked like when they were hashed.
    private var markPath: String { shelf.path + "/in-place" }

    /// Checks that the files are those that were added.
    ///
    /// - Throws: `Transfer.Problem.local` when this host has not got them, and `.unusable` when
    ///   they were changed.
    func check() throws(Transfer.Problem) {
        // Before they are read: what changes meanwhile is seen the next time.
        let look = try look()
        // No mark is as good as an old one.
        guard (try? LocalFile.text(of: markPath)) != look else { return }
        logger.info("checks the data set \(data.name) at \(location)")
        var files = DataFiles(manifest, in: DataFiles.folder(of: location, manifest))
        for chunk in manifest.chunks.indices {
            if queue.isCurrentCancelled { throw .cancelled }
            let bytes: [UInt8]?
            do throws(BundleError) { bytes = try files.read(chunk) } catch {
                throw .local(WorkerError("\(error)"))
            }
            guard let bytes, Digest.of(bytes) == manifest.chunks[chunk] else {
                throw changed(manifest.pieces(of: chunk).map { manifest.files[$0.file].name })
            }
        }
        do throws(WorkerError) {
            guard unsafe mkdir(shelf.path, 0o755) == 0 || errno == EEXIST else {
                throw .system("make", shelf.path)
            }
            try LocalFile.write(Array(look.utf8), to: markPath)
        } catch {
            throw .local(error)
        }
    }

    /// The hash of the sizes and times of all files.
    private func look() throws(Transfer.Problem) -> String {
        let folder = DataFiles.folder(of: location, manifest)
        var lines = location + "\n"
        for file in manifest.files {
            var facts = stat()
            guard unsafe stat("\(folder)/\(file.name)", &facts) == 0 else {
                guard unsafe access(location, F_OK) == 0 else {
                    throw .local(
                        WorkerError(
                            "the data set \(data.name) is used in place, and this host has no "
                                + "\(location): mount the storage here, or add the data set "
                                + "without --in-place"))
                }
                throw changed([file.name])
            }
            guard UInt64(max(0, facts.st_size)) == file.byteCount else {
                throw changed([file.name])
            }
            let time = facts.st_mtim
            lines += "\(file.byteCount) \(time.tv_sec).\(time.tv_nsec) \(file.name)\n"
        }
        return Digest.of(lines).description
    }

    /// A chunk that differs is known, not which of the files that share it.
    private func changed(_ names: [String]) -> Transfer.Problem {
        let some = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " …" : "")
        return .unusable(
            .trainerError,
            "the data set \(data.name)@\(data.digest.description.prefix(8)) at \(location) is not "
                + "what was added: \(names.count > 1 ? "one of " : "")\(some) differs; add it "
                + "again, or put back what it was")
    }
}
