import Glibc

/// Why a folder could not be packed or unpacked; `description` says what to do about it.
package enum BundleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The limit that was passed, in bytes or in files, links and folders together.
    package enum Excess: Hashable, Sendable {
        /// More bytes than this.
        case bytes(UInt64)
        /// More files, links and folders than this.
        case files(Int)
    }

    /// The system refused `operation` on `path`.
    case system(operation: String, path: String, reason: String)
    /// There is no folder at the path.
    case notFolder(String)
    /// Something is already where the folder was to be unpacked.
    case alreadyExists(String)
    /// Files of the folder are to be ignored, and only git can tell which.
    case missingGit(folder: String)
    /// git failed; `reason` is what it said.
    case git(command: String, reason: String)
    /// No file of the folder is to be shipped.
    case empty(folder: String)
    /// A file that no bundle may hold; its name is made printable.
    case unfit(name: String, reason: String)
    /// A code folder is too large; `largest` names up to five files or folders with their sizes.
    case tooMuchCode(Excess, largest: [String])
    /// A folder is too large, packed or unpacked; `largest` is empty when it is not known.
    case tooMuch(Excess, largest: [String])
    /// A file that no data set can hold; its name is made printable.
    case unfitData(name: String, reason: String)
    /// There are no bytes to make a data set of.
    case emptyData(String)
    /// A file changed while it was read.
    case changed(path: String)
    /// The archive cannot be read.
    case damaged(path: String, reason: String)
    /// The compression library failed for a reason that is ours.
    case library(reason: String)

    /// What is wrong and what to do about it.
    package var description: String {
        switch self {
        case .system(let operation, let path, let reason): "cannot \(operation) \(path): \(reason)"
        case .notFolder(let path): "\(path) is no folder"
        case .alreadyExists(let path): "\(path) exists already: remove it or unpack elsewhere"
        case .missingGit(let folder):
            "\(folder) has ignore files or belongs to a git repository, and git decides what they "
                + "leave out: install git"
        case .git(let command, let reason): "git \(command) failed: \(reason)"
        case .empty(let folder):
            "\(folder) holds no file to ship: look at its .gitignore and .picomlignore"
        case .unfit(let name, let reason): "\(name) cannot be in a bundle: \(reason)"
        case .tooMuchCode(let excess, let largest):
            "the code folder holds \(excess)\(Self.list(largest)); name what the code does not "
                + "need in .picomlignore, which is written like .gitignore"
        case .tooMuch(let excess, let largest): "the folder holds \(excess)\(Self.list(largest))"
        case .unfitData(let name, let reason): "\(name) cannot be in a data set: \(reason)"
        case .emptyData(let path): "\(path) holds no bytes"
        case .changed(let path):
            "\(path) changed while it was read: try again when nobody writes to it"
        case .damaged(let path, let reason): "\(path) is no complete bundle: \(reason)"
        case .library(let reason): "libarchive failed: \(reason)"
        }
    }

    private static func list(_ largest: [String]) -> String {
        largest.isEmpty ? "" : "; the largest: " + largest.joined(separator: ", ")
    }

    /// The failure that the system's last call left in `errno`.
    static func system(_ operation: String, _ path: String) -> BundleError {
        .system(
            operation: operation, path: path, reason: unsafe String(cString: strerror(errno)))
    }
}

extension BundleError.Excess: CustomStringConvertible {
    /// What there is too much of, as the object of a sentence.
    package var description: String {
        switch self {
        case .bytes(let limit): "more than the limit of \(ByteText.text(limit))"
        case .files(let limit): "more than the limit of \(limit) files and folders"
        }
    }
}
