import Glibc

/// Calls of the file system that make what they do durable and that name the file in errors.
enum FileAccess {
    /// The error for the call that failed last.
    static func failure(_ operation: String, _ path: String) -> StorageError {
        let number = errno
        guard number != ENOSPC, number != EDQUOT else {
            return .diskFull(path: path, freeBytes: freeBytes(at: path))
        }
        let reason = unsafe String(cString: strerror(number))
        return .inputOutput(path: path, operation: operation, reason: reason)
    }

    /// Bytes that may still be written to the file system of `path`; 0 when unknown.
    static func freeBytes(at path: String) -> UInt64 {
        var facts = statvfs()
        var place = path[...]
        // A file that could not be made yet is asked for through its folder.
        while unsafe statvfs(String(place), &facts) != 0 {
            guard let slash = place.lastIndex(of: "/"), slash > place.startIndex else { return 0 }
            place = place[..<slash]
        }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
    }

    /// The facts about `path` itself, not of what a link leads to; nil when there is nothing.
    static func status(of path: String) throws(StorageError) -> stat? {
        var facts = stat()
        if unsafe lstat(path, &facts) == 0 { return facts }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure("look at", path) }
        return nil
    }

    /// Makes the folder `path` with its parents, for its owner alone; an existing one is kept.
    static func makeFolder(_ path: String) throws(StorageError) {
        if unsafe mkdir(path, 0o700) == 0 {
            try synchronizeFolder(parent(of: path))
            return
        }
        switch errno {
        case EEXIST:
            guard isFolder(path) else { throw failure("make folder", path) }
        case ENOENT:
            try makeFolder(parent(of: path))
            try makeFolder(path)
        default: throw failure("make folder", path)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Everything before the last part of `path`.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the entries of the folder `path` durable: files made, renamed and removed in it.
    static func synchronizeFolder(_ path: String) throws(StorageError) {
        let folder = try OpenFile(path, O_RDONLY | O_DIRECTORY)
        try folder.synchronize()
    }

    /// Gives the file `path` the name `target`, replacing what had it; durable on return.
    static func rename(_ path: String, to target: String) throws(StorageError) {
        guard unsafe Glibc.rename(path, target) == 0 else { throw failure("rename", path) }
        try synchronizeFolder(parent(of: target))
    }

    /// Removes the file `path`; one that is not there is fine.
    static func remove(_ path: String) throws(StorageError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }
}
