import Glibc

/// Removes folders, unpacked read-only ones too, without following links.
package enum FolderRemoval {
    /// Removes the folder at `path` with all that it holds; nothing happens when there is none.
    package static func remove(_ path: String) throws(BundleError) {
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else {
            guard errno == ENOENT else { throw .system("look at", path) }
            return
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else { throw .notFolder(path) }
        try FolderHandle(path).removeContents()
        guard unsafe rmdir(path) == 0 else { throw .system("remove", path) }
    }
}
