import Bundles
import FoundationEssentials
import Glibc

/// Room for environments on the disk.
extension EnvironmentFolder {
    private struct Entry {
        let environment: VirtualEnvironment
        let byteCount: UInt64
        let lastUse: Int64
    }

    /// Removes environments that no execution of the host uses, the one that was not used for
    /// longest first, until those that stay take at most `limit` bytes; not that at `kept`.
    ///
    /// - Returns: The paths of those that it removed.
    package func makeRoom(limit: UInt64, keeping kept: String) -> [String] {
        let entries = entries()
        var used = entries.reduce(UInt64(0)) { $0 + $1.byteCount }
        var removed: [String] = []
        for entry in entries.sorted(by: { $0.lastUse < $1.lastUse })
        where used > limit && entry.environment.path != kept {
            // Without its lock it is in use, or being built; it is looked at again next time.
            guard let lock = try? FileLock(entry.environment.lockPath) else { continue }
            entry.environment.remove()
            withExtendedLifetime(lock) {}
            used -= entry.byteCount
            removed.append(entry.environment.path)
        }
        return removed
    }

    private func entries() -> [Entry] {
        // A folder that cannot be read has nothing that could be removed.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().filter { !$0.hasSuffix(".lock") }.map { name in
            let environment = VirtualEnvironment(
                path: "\(path)/\(name)", requirements: "", python: nil)
            return Entry(
                environment: environment, byteCount: environment.byteCount,
                lastUse: LocalFile.time(of: environment.lockPath) ?? 0)
        }
    }
}

extension VirtualEnvironment {
    /// Notes that it is used now.
    func touch() {
        // Where that cannot be noted, it goes before others.
        _ = unsafe utimensat(AT_FDCWD, lockPath, nil, 0)
    }

    /// Bytes that it takes on the disk: as its builder noted them, or as they are counted now.
    var byteCount: UInt64 {
        // Without the note it was not finished, or is of a version that wrote none.
        let note = try? LocalFile.text(of: mark)
        if let count = note.flatMap({ UInt64($0.prefix { $0.isNumber }) }) { return count }
        return countBytes()
    }

    /// Looks at every file.
    func countBytes() -> UInt64 {
        var size = FolderSize(path)
        while true {
            if let bytes = size.measure(entries: 10_000, limit: .max) { return bytes }
        }
    }

    /// Removes it, for whoever has its lock.
    func remove() {
        // Without its mark first: what is left when the worker is killed now is not taken for
        // whole. What cannot be removed is tried again.
        unsafe unlink(mark)
        try? FolderRemoval.remove(path)
    }
}
