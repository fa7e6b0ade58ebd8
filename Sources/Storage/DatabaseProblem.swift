import GRDB

extension StorageError {
    /// What `error`, thrown while the database at `path` was used, means to a person.
    init(_ error: any Error, path: String) {
        if let known = error as? StorageError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? "SQLite result \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self = .diskFull(path: path, freeBytes: FileAccess.freeBytes(at: path))
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            let code = error.extendedResultCode.rawValue
            self = .inputOutput(
                path: path, operation: "use", reason: "\(reason) (SQLite result \(code))")
        case .SQLITE_CORRUPT: self = .damaged(path: path, reason: reason)
        case .SQLITE_NOTADB: self = .foreignDatabase(path: path)
        default: self = .database(path: path, reason: reason)
        }
    }

    /// Whether the journal must not go on after it.
    var isFinal: Bool {
        switch self {
        case .inputOutput, .damaged: true
        default: false
        }
    }
}
