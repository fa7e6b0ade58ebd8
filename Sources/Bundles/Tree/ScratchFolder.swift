import FoundationEssentials
import Glibc
import Hashing

/// A private folder for intermediate files, removed when it is let go.
struct ScratchFolder: ~Copyable {
    let path: String

    init() throws(BundleError) {
        // The directory of temporary files is the system's or that of TMPDIR.
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let path = "\(base)/picoml-\(RandomBytes.hexToken().prefix(16))"
        guard unsafe mkdir(path, 0o700) == 0 else { throw .system("make", path) }
        self.path = path
    }

    deinit {
        // What cannot be removed is left to whoever cleans the directory of temporary files.
        try? FolderRemoval.remove(path)
    }
}
