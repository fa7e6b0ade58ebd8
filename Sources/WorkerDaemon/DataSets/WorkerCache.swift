import Bundles
import FoundationEssentials
import Glibc
import Logging
import Synchronization
import Vocabulary

/// What the worker keeps of artifacts and data sets: at most so much, and nothing that runs now
/// is ever removed.
final class WorkerCache: Sendable {
    private let folder: WorkerFolder
    private let limit: UInt64
    private let holdings: DataHoldings?
    private let logger: Logger
    // What each execution that is here uses.
    private let pins = Mutex<[AttemptID: Set<Digest>]>([:])

    private struct Entry {
        let digest: Digest
        let isDataSet: Bool
        let byteCount: UInt64
        let lastUse: Int64
    }

    init(_ folder: WorkerFolder, limit: UInt64, holdings: DataHoldings?, logger: Logger) {
        self.folder = folder
        self.limit = limit
        self.holdings = holdings
        self.logger = logger
    }

    /// Keeps what `lease` needs until it is released.
    func pin(_ lease: Lease) {
        pins.withLock { $0[lease.attempt] = Set(lease.inputs) }
    }

    /// What an execution used may go from now on.
    func release(_ attempt: AttemptID) {
        pins.withLock { _ = $0.removeValue(forKey: attempt) }
    }

    /// Removes what was not used for longest until `byteCount` more bytes fit; with 0, as far as
    /// that can be done.
    ///
    /// - Throws: `Transfer.Problem.local` when they cannot.
    func makeRoom(for byteCount: UInt64) throws(Transfer.Problem) {
        let pinned = pins.withLock { pins in pins.values.reduce(into: Set()) { $0.formUnion($1) } }
        let entries = entries()
        var used = entries.reduce(UInt64(0)) { $0 + $1.byteCount }
        guard byteCount <= limit else { throw excess(byteCount, pinned: 0) }
        for entry in entries.sorted(by: { $0.lastUse < $1.lastUse }) {
            guard used + byteCount > limit else { return }
            guard !pinned.contains(entry.digest) else { continue }
            remove(entry)
            used -= entry.byteCount
        }
        guard byteCount == 0 || used + byteCount <= limit else {
            throw excess(byteCount, pinned: used)
        }
    }

    private func excess(_ byteCount: UInt64, pinned: UInt64) -> Transfer.Problem {
        .local(
            WorkerError(
                "the inputs need \(byteCount >> 20) MiB, and the worker's cache may take "
                    + "\(limit >> 20) MiB, of which running trials use \(pinned >> 20): give it "
                    + "more with --cache"))
    }

    private func remove(_ entry: Entry) {
        let path =
            entry.isDataSet
            ? folder.shelf(of: entry.digest).path : folder.cachePath(of: entry.digest)
        logger.info("removes \(path) from the cache: it was not used for longest")
        guard entry.isDataSet else {
            unsafe unlink(path)
            return
        }
        holdings?.remove(entry.digest)
        // Without its mark first: what is left when the worker is killed now is not taken for
        // whole. What cannot be removed is tried again.
        unsafe unlink(path + "/complete")
        try? FolderRemoval.remove(path)
    }

    private func entries() -> [Entry] {
        let artifacts = names(in: folder.path + "/cache").compactMap { name -> Entry? in
            // Unpacked code has other names, and stays: processes started from it live on.
            guard let digest = Digest(text: name.prefix(64)), name.count == 64 else { return nil }
            let path = folder.cachePath(of: digest)
            guard let size = LocalFile.byteCount(of: path) else { return nil }
            return Entry(
                digest: digest, isDataSet: false, byteCount: size,
                lastUse: LocalFile.time(of: path) ?? 0)
        }
        let sets = names(in: folder.path + "/data").compactMap { name -> Entry? in
            guard let digest = Digest(text: name) else { return nil }
            let shelf = folder.shelf(of: digest)
            return Entry(
                digest: digest, isDataSet: true, byteCount: shelf.byteCount ?? 0,
                lastUse: shelf.lastUse)
        }
        return artifacts + sets
    }

    private func names(in path: String) -> [String] {
        // A folder that cannot be read has nothing that could be removed.
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}
