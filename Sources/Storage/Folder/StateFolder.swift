import Glibc

/// The layout of a coordinator's folder and the files in it that are neither database nor
/// artifact.
package struct StateFolder: Hashable, Sendable {
    /// The folder's path, without a trailing slash.
    package let path: String

    /// The folder at `path`, made with its parents for its owner alone when it is missing.
    ///
    /// - Throws: `StorageError.inputOutput` when it cannot be made.
    package init(_ path: String) throws(StorageError) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        self.path = String(trimmed)
        try FileAccess.makeFolder(self.path)
        guard unsafe chmod(self.path, 0o700) == 0 else {
            throw FileAccess.failure("protect", self.path)
        }
    }

    /// The database with the journal and the tables.
    package var databasePath: String { path + "/picoml.sqlite" }
    /// The file whose lock the one coordinator holds, with its process number.
    package var lockPath: String { path + "/lock" }
    /// The folder of the artifact store.
    package var artifactsPath: String { path + "/artifacts" }
    /// The folder with keys and other secrets.
    package var secretsPath: String { path + "/secrets" }

    /// Keeps `bytes` as the secret `name`, readable by the owner alone.
    ///
    /// Old or new content is there after a crash, never a part. The folder `secrets` is made.
    ///
    /// - Throws: `StorageError`, also when `name` is not a plain file name.
    package func writeSecret(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
        let target = try secretPath(name)
        try FileAccess.makeFolder(secretsPath)
        let temporary = target + ".new"
        try FileAccess.remove(temporary)
        try writeDurably(bytes, to: temporary)
        try FileAccess.rename(temporary, to: target)
    }

    private func writeDurably(_ bytes: [UInt8], to path: String) throws(StorageError) {
        let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(bytes)
        try file.synchronize()
    }

    /// The secret `name`; nil when there is none.
    ///
    /// - Throws: `StorageError.insecure` when others than the owner could read or change it.
    package func readSecret(_ name: String) throws(StorageError) -> [UInt8]? {
        let path = try secretPath(name)
        guard try FileAccess.status(of: path) != nil else { return nil }
        let file = try OpenFile(path, O_RDONLY)
        let mode = try file.mode()
        guard mode & 0o077 == 0 else { throw .insecure(path: path, mode: mode) }
        return try file.read(count: Int(clamping: min(file.byteCount(), Self.secretBytes)))
    }

    /// The most bytes of a secret that are read.
    package static let secretBytes: UInt64 = 64 * 1024

    private func secretPath(_ name: String) throws(StorageError) -> String {
        let isPlain =
            !name.isEmpty && name.utf8.count <= 128 && name.first != "."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isPlain else { throw .invalidName(name) }
        return secretsPath + "/" + name
    }
}
