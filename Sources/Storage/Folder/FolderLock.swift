import Glibc

/// The right to be the only coordinator on a folder; given up with the value or the process.
struct FolderLock: ~Copyable, Sendable {
    private let file: OpenFile

    /// Takes the lock of `folder`.
    init(_ folder: StateFolder) throws(StorageError) {
        let file = try OpenFile(folder.lockPath, O_RDWR | O_CREAT)
        guard try file.tryLock() else {
            let text = String(decoding: try file.read(count: 16), as: UTF8.self)
            let process = Int32(text.prefix { $0.isNumber }) ?? 0
            throw .locked(folder: folder.path, process: process)
        }
        try file.truncate(to: 0)
        try file.write(Array("\(getpid())\n".utf8))
        self.file = file
    }
}
