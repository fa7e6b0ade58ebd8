import Glibc
import Hashing
package import Vocabulary

/// A code folder packed for workers.
package struct PackedBundle: Sendable {
    /// The archive, which `Unpacking` reads.
    package let bytes: [UInt8]
    /// The hash of `bytes`.
    package let digest: Digest
    /// The shipped files and links, relative to the folder, in byte order.
    package let names: [String]
    /// Bytes of the files, unpacked.
    package let byteCount: UInt64
    /// What looks unintended, in sentences.
    package let warnings: [String]

    /// The number of files and links.
    package var fileCount: Int { names.count }
}

/// A folder with a person's code.
package enum CodeFolder {
    /// Packs the files of the code folder `folder` that are to be shipped.
    ///
    /// git decides what is: in a repository all tracked files and all others that no ignore file
    /// names (`.gitignore` in any folder, `.git/info/exclude`, the person's own), elsewhere all
    /// that no `.gitignore` names. A `.picomlignore` at the top, written like a `.gitignore`,
    /// leaves out more, tracked files too. Always left out are `.git`, `__pycache__`, `*.pyc`,
    /// `.picoml`, `.venv`, `venv`, `node_modules`, `.ipynb_checkpoints` and `.DS_Store`. Empty
    /// folders are not shipped. The same files give the same bytes with the same libarchive.
    ///
    /// - Parameters:
    ///   - folder: The path of the folder, which may be a link to one.
    ///   - limits: What the bundle may hold at most.
    ///   - git: git's path, or its name in `PATH`. Where there is none, folders without ignore
    ///     files outside of repositories can still be packed.
    /// - Returns: The archive in memory, with what is in it.
    /// - Throws: `BundleError`: `.unfit` names links that could lead out, sockets, pipes and
    ///   devices; `.tooMuchCode` names what is largest.
    package static func pack(
        _ folder: String, limits: BundleLimits = .code, git: String = "git"
    ) throws(BundleError) -> PackedBundle {
        let path = try absolute(folder)
        let handle = try FolderHandle(path)
        let git = try Git(program: git)
        let entries = try CodeListing(folder: path).entries(of: handle, git: git)
        guard !entries.isEmpty else { throw .empty(folder: folder) }
        let plan: TreePlan
        do throws(BundleError) {
            plan = try TreePlan(entries, limits: limits)
        } catch .tooMuch(let excess, let largest) {
            throw .tooMuchCode(excess, largest: largest)
        }
        try FolderArchive.write(entries, of: handle, to: git.scratch.path + "/archive")
        let bytes = try LocalBytes.read(git.scratch.path + "/archive")
        return PackedBundle(
            bytes: bytes, digest: Digest.of(bytes),
            names: entries.map { String(decoding: $0.name.bytes, as: UTF8.self) },
            byteCount: plan.byteCount, warnings: warnings(entries, plan: plan))
    }

    private static func warnings(_ entries: [FolderEntry], plan: TreePlan) -> [String] {
        entries.compactMap { entry in
            guard case .link(let target) = entry.kind,
                !plan.leadsSomewhere(entry.name, target: target)
            else { return nil }
            return "the link \(entry.name.text) leads to \(ByteText.printable(target)), which is "
                + "not in the bundle"
        }
    }

    /// The absolute path of the existing folder `folder`, without links.
    static func absolute(_ folder: String) throws(BundleError) -> String {
        guard let path = unsafe realpath(folder, nil) else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .notFolder(folder) : .system("look at", folder)
        }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}
