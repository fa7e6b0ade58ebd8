import CLinux
import FoundationEssentials
import Glibc
package import ZeroMQ

/// The worker's keys, each in a file that only its owner can read.
extension WorkerFolder {
    /// The file with the worker's secret key.
    var keyPath: String { path + "/curve.secret" }
    /// The file with the secret key that is to replace it.
    private var nextKeyPath: String { keyPath + ".next" }

    /// The worker's keys: made at the first start, kept in the folder.
    ///
    /// - Throws: `WorkerError` when others than the owner can read the secret.
    package func keys() throws -> CurveKeyPair { try keys(in: keyPath) }

    /// Whether the worker has keys already.
    var hasKeys: Bool { FileManager.default.fileExists(atPath: keyPath) }

    /// The keys that are to replace the present ones; the same until they do.
    func nextKeys() throws -> CurveKeyPair { try keys(in: nextKeyPath) }

    /// Makes the next keys the present ones.
    func replaceKeys() throws(WorkerError) {
        guard unsafe rename(nextKeyPath, keyPath) == 0 else { throw .system("replace", keyPath) }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("write", path) }
    }

    /// What changes when the file with the keys is replaced; nil when it cannot be looked at.
    var keyStamp: UInt64? {
        var facts = picoml_facts()
        guard unsafe picoml_look(AT_FDCWD, keyPath, 1, &facts) == 0 else { return nil }
        return facts.number
    }

    private func keys(in file: String) throws -> CurveKeyPair {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            let keys = try CurveKeyPair.generate()
            try unsafe keys.secretKey.withText { text throws(WorkerError) in
                try write(secret: unsafe Array(text), to: file)
            }
            return keys
        }
        var facts = picoml_facts()
        guard unsafe picoml_look(AT_FDCWD, file, 1, &facts) == 0, facts.mode & 0o077 == 0 else {
            throw WorkerError("others can read the key \(file): chmod 600 \(file)")
        }
        return try CurveKeyPair(secretKey: CurveSecretKey(bytes))
    }

    private func write(secret: [UInt8], to file: String) throws(WorkerError) {
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("make", file) }
        defer { close(descriptor) }
        guard unsafe Glibc.write(descriptor, secret, secret.count) == secret.count,
            fsync(descriptor) == 0
        else { throw .system("write", file) }
    }
}
