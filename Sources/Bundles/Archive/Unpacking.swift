import Glibc
import Hashing

/// Unpacks bundles whose bytes came from the network.
package enum Unpacking {
    /// How the names of folders begin that are not complete yet.
    ///
    /// They lie beside the folder to be, and stay only when the process is killed: remove them
    /// with `FolderRemoval` at the next start.
    package static let temporaryPrefix = ".unpacking-"

    /// Unpacks the bundle in the file at `path` as `folder`, which must not exist.
    ///
    /// The folder appears at once and complete or not at all. Nothing is written to the disk for
    /// certain: after a power failure, unpack again. With `isReadOnly`, files get the mode 0444
    /// or 0555 and folders 0555, otherwise 0644, 0755 and 0755.
    ///
    /// - Throws: `BundleError.unfit` for absolute names, `..`, entries of the same name, links
    ///   that could lead out, entries below links, hard links, devices and setuid bits;
    ///   `.tooMuch` as soon as a limit is passed; `.damaged` for what is no complete archive;
    ///   `.alreadyExists`; `.system`.
    package static func unpack(
        archiveAt path: String, into folder: String, limits: BundleLimits, isReadOnly: Bool
    ) throws(BundleError) {
        let folder = folder.trimmingTrailing("/")
        var facts = stat()
        guard unsafe lstat(folder, &facts) != 0 else { throw .alreadyExists(folder) }
        let parent = folder.lastIndex(of: "/").map { String(folder[...$0]) } ?? ""
        let temporary = "\(parent)\(temporaryPrefix)\(RandomBytes.hexToken().prefix(16))"
        guard unsafe mkdir(temporary, 0o700) == 0 else { throw .system("make", temporary) }
        do throws(BundleError) {
            let reader = try ArchiveReader(path, limits: limits)
            let tree = try UnpackedTree(temporary, isReadOnly: isReadOnly)
            try fill(tree, from: reader, limits: limits)
            guard unsafe rename(temporary, folder) == 0 else {
                // Another thread or process was faster.
                throw errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR
                    ? .alreadyExists(folder) : .system("make", folder)
            }
        } catch {
            // The first failure says more than one of cleaning up after it.
            try? FolderRemoval.remove(temporary)
            throw error
        }
    }

    private static func fill(
        _ tree: borrowing UnpackedTree, from reader: ArchiveReader, limits: BundleLimits
    ) throws(BundleError) {
        var plan = TreePlan(limits: limits)
        var folders: [EntryName] = []
        var links: [(name: EntryName, target: [UInt8])] = []
        while let entry = try reader.next() {
            for folder in try plan.admit(entry) {
                try tree.makeFolder(folder)
                folders.append(folder)
            }
            switch entry.kind {
            case .folder: continue
            case .link(let target): links.append((entry.name, target))
            case .file(_, let isExecutable):
                let file = try tree.makeFile(entry.name)
                try file.copy(from: reader, plan: &plan)
                try file.finish(isExecutable: isExecutable)
            }
        }
        // Last, so that nothing is ever written where a link is.
        for link in links { try tree.makeLink(link.name, target: link.target) }
        for folder in folders.reversed() { try tree.finishFolder(folder) }
        try tree.finish()
    }
}

extension String {
    /// The text without any `character` at its end, but for the first one.
    fileprivate func trimmingTrailing(_ character: Character) -> String {
        var text = self
        while text.count > 1, text.last == character { text.removeLast() }
        return text
    }
}
