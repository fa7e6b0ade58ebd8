/// Everything in a folder, without following links.
struct FolderWalk {
    /// Decides by its last component whether an entry is passed over with all that it holds.
    var isLeftOut: ([UInt8]) -> Bool = { _ in false }

    /// The entries below `folder`, each folder before what it holds.
    ///
    /// - Throws: `BundleError.unfit` for sockets, pipes, devices and names that are not UTF-8.
    func entries(of folder: borrowing FolderHandle) throws(BundleError) -> [FolderEntry] {
        var entries: [FolderEntry] = []
        var open: [EntryName?] = [nil]
        while let name = open.popLast() {
            for leaf in try names(of: name, in: folder) where !isLeftOut(leaf) {
                let whole = (name.map { $0.bytes + [EntryName.separator] } ?? []) + leaf
                guard let entry = try folder.entry(EntryName(whole)) else { continue }
                entries.append(entry)
                if entry.kind == .folder { open.append(entry.name) }
            }
        }
        return entries
    }

    private func names(
        of name: EntryName?, in folder: borrowing FolderHandle
    ) throws(BundleError) -> [[UInt8]] {
        guard let name else { return try folder.names() }
        // What went away meanwhile holds nothing.
        return try folder.folder(name)?.names() ?? []
    }
}

extension FolderHandle {
    /// The names of sockets, pipes and devices directly in the folder.
    func specialNames() throws(BundleError) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for name in try self.names() {
            // Names that no bundle can hold are found when they are to be packed.
            guard let entry = try? EntryName(name) else { continue }
            do throws(BundleError) {
                _ = try self.entry(entry)
            } catch .unfit {
                names.append(name)
            }
        }
        return names
    }
}
