/// A file that could not be hashed.
package enum HashingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file at `path` could not be read; `reason` is the system's.
    case unreadable(path: String, reason: String)

    /// A sentence for people.
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        }
    }
}
