package import Vocabulary

/// Why something could not be kept or read back; `description` says what to do about it.
package enum StorageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another coordinator, process `process`, works on the folder; 0 when it is unknown.
    case locked(folder: String, process: Int32)
    /// A newer picoml made the folder.
    case newerSchema(folder: String, found: Int, known: Int)
    /// The file is no database of picoml.
    case foreignDatabase(path: String)
    /// There is no space left; nothing of what was to be written is visible. May be tried again.
    case diskFull(path: String, freeBytes: UInt64)
    /// The disk or the file system failed.
    case inputOutput(path: String, operation: String, reason: String)
    /// An earlier failure left it unknown what is durable; only a restart helps.
    case broken(path: String, reason: String)
    /// A row of the journal is not what was written.
    case corruptRow(path: String, row: Int64, reason: String)
    /// The database file is damaged.
    case damaged(path: String, reason: String)
    /// A secret can be read by others than its owner; `mode` holds its permission bits.
    case insecure(path: String, mode: UInt32)
    /// A secret's name is not a plain file name.
    case invalidName(String)
    /// No artifact has this hash.
    case unknownArtifact(Digest)
    /// An artifact is larger than `Limits.artifactBytes`.
    case artifactTooLarge(Digest, byteCount: UInt64)
    /// The uploaded bytes have another hash; they were removed.
    case wrongHash(expected: Digest, actual: Digest)
    /// Two uploads of one artifact disagree on its length, or a chunk passes its end.
    case wrongLength(Digest, expected: UInt64, actual: UInt64)
    /// A chunk came for an artifact that nobody offered.
    case noUpload(Digest)
    /// A statement failed for a reason that is ours.
    case database(path: String, reason: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .locked(let folder, let process):
            "\(folder) is in use by \(process > 0 ? "process \(process)" : "another process"): "
                + "stop that coordinator or choose another folder"
        case .newerSchema(let folder, let found, let known):
            "\(folder) was made by picoml with schema \(found), this one knows up to \(known): "
                + "upgrade picoml or choose another folder"
        case .foreignDatabase(let path):
            "\(path) was not made by picoml: choose another folder"
        case .diskFull(let path, let freeBytes):
            "no space left for \(path): \(freeBytes) bytes are free; make room and try again"
        case .inputOutput(let path, let operation, let reason):
            "cannot \(operation) \(path): \(reason)"
        case .broken(let path, let reason):
            "\(path) takes no more records after an earlier failure (\(reason)): look at the "
                + "disk, then start the coordinator again"
        case .corruptRow(let path, let row, let reason):
            "row \(row) of the journal in \(path) is damaged (\(reason)): restore the folder "
                + "from a backup"
        case .damaged(let path, let reason):
            "\(path) is damaged (\(reason)): restore the folder from a backup"
        case .insecure(let path, let mode):
            "\(path) has mode \(String(mode, radix: 8)), so others than its owner can get at "
                + "the secret: chmod 600 \(path)"
        case .invalidName(let name): "\"\(name)\" is not a plain file name"
        case .unknownArtifact(let digest): "there is no artifact \(digest)"
        case .artifactTooLarge(let digest, let byteCount):
            "artifact \(digest) has \(byteCount) bytes, more than the limit of "
                + "\(Limits.artifactBytes)"
        case .wrongHash(let expected, let actual):
            "the bytes sent for artifact \(expected) have the hash \(actual): send it again"
        case .wrongLength(let digest, let expected, let actual):
            "artifact \(digest) has \(expected) bytes, not \(actual)"
        case .noUpload(let digest): "artifact \(digest) was not offered: offer it first"
        case .database(let path, let reason): "a statement on \(path) failed: \(reason)"
        }
    }
}
