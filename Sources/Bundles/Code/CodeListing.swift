/// Finds the files of a code folder that are to be shipped.
struct CodeListing {
    private static let ignoreFile = ".picomlignore"

    /// The absolute path of the folder.
    let folder: String

    /// The files and links to ship, in byte order.
    func entries(
        of handle: borrowing FolderHandle, git: borrowing Git
    ) throws(BundleError) -> [FolderEntry] {
        guard let names = try names(in: nil, of: handle, git: git) else {
            return try entriesWithoutGit(of: handle)
        }
        let kept = try keptByIgnoreFile(names.sorted(), of: handle, git: git)
        var entries: [FolderEntry] = []
        for name in kept {
            // What was deleted but is still tracked is not there.
            guard let entry = try handle.entry(name), entry.kind != .folder else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// Names below `prefix` as git lists them, in nested repositories too; nil without git.
    private func names(
        in prefix: EntryName?, of handle: borrowing FolderHandle, git: borrowing Git
    ) throws(BundleError) -> Set<EntryName>? {
        let path = prefix.map { folder + "/" + String(decoding: $0.bytes, as: UTF8.self) } ?? folder
        guard let isRepository = try git.isRepository(path) else { return nil }
        let place = isRepository ? [] : [git.emptyRepository, "--work-tree=."]
        var arguments = place + ["ls-files", "-z", "--others", "--exclude-standard"]
        if isRepository { arguments.append("--cached") }
        arguments += LeftOut.patterns.map { "--exclude=\($0)" }
        var listed = Git.names(try git.output(arguments, in: path))
        listed += try specials(beside: listed, in: prefix, of: handle, path, place, git: git)
        var names: Set<EntryName> = []
        for leaf in listed {
            // A repository that is not a submodule is listed with a / at its end.
            let leaf = leaf.last == EntryName.separator ? leaf.dropLast() : leaf[...]
            let name = try EntryName((prefix.map { $0.bytes + [EntryName.separator] } ?? []) + leaf)
            guard !name.components.contains(where: LeftOut.covers) else { continue }
            guard let inner = try handle.folder(name) else {
                names.insert(name)
                continue
            }
            // A tracked file whose place a folder took has been deleted.
            guard try inner.names().contains(Array(".git".utf8)) else { continue }
            names.formUnion(try self.names(in: name, of: handle, git: git) ?? [])
        }
        return names
    }

    /// Sockets, pipes and devices in the folders of `listed` that are not ignored: git passes over
    /// them in silence.
    private func specials(
        beside listed: [[UInt8]], in prefix: EntryName?, of handle: borrowing FolderHandle,
        _ path: String, _ place: [String], git: borrowing Git
    ) throws(BundleError) -> [[UInt8]] {
        let separator = EntryName.separator
        let parents = Set(
            listed.map { name in name.lastIndex(of: separator).map { Array(name[..<$0]) } ?? [] })
        var found: [[UInt8]] = []
        for parent in parents.union([[]]) {
            let whole = Array(
                [prefix?.bytes ?? [], parent].filter { !$0.isEmpty }.joined(separator: [separator]))
            let leaves: [[UInt8]]
            if whole.isEmpty {
                leaves = try handle.specialNames()
            } else {
                leaves = try handle.folder(EntryName(whole))?.specialNames() ?? []
            }
            found += leaves.map { parent.isEmpty ? $0 : parent + [separator] + $0 }
        }
        let ignored = try ignored(found, by: place, in: path, git: git)
        return found.filter { !ignored.contains($0) }
    }

    /// Without what the ignore file at the folder's top names, tracked or not.
    func keptByIgnoreFile(
        _ names: [EntryName], of handle: borrowing FolderHandle, git: borrowing Git
    ) throws(BundleError) -> [EntryName] {
        guard let file = try handle.entry(EntryName(Array(Self.ignoreFile.utf8))),
            file.kind != .folder
        else { return names }
        // In an empty folder no other ignore file has a say.
        let place = [
            git.emptyRepository, "--work-tree=.", "-c",
            "core.excludesFile=\(folder)/\(Self.ignoreFile)",
        ]
        let ignored = try ignored(names.map(\.bytes), by: place, in: git.blankFolder, git: git)
        return names.filter { !ignored.contains($0.bytes) }
    }

    private func ignored(
        _ names: [[UInt8]], by place: [String], in path: String, git: borrowing Git
    ) throws(BundleError) -> Set<[UInt8]> {
        guard !names.isEmpty else { return [] }
        // git takes the names as patterns with magic when they begin with a colon.
        let marker = Array("./".utf8)
        let output = try git.output(
            place + ["check-ignore", "--no-index", "-z", "--stdin"], in: path,
            input: Array(names.map { marker + $0 + [0] }.joined()), statuses: [0, 1])
        return Set(Git.names(output).map { Array($0.dropFirst(marker.count)) })
    }

    /// All files, where nothing says that some are to be ignored.
    private func entriesWithoutGit(
        of handle: borrowing FolderHandle
    ) throws(BundleError) -> [FolderEntry] {
        var path = folder
        while true {
            // A folder above that cannot be read is no repository of the person.
            if (try? FolderHandle(path).names().contains(Array(".git".utf8))) == true {
                throw .missingGit(folder: folder)
            }
            guard let cut = path.lastIndex(of: "/"), path != "/" else { break }
            path = cut == path.startIndex ? "/" : String(path[..<cut])
        }
        let entries = try FolderWalk(isLeftOut: LeftOut.covers).entries(of: handle)
        let ignoreFiles = [Array(".gitignore".utf8), Array(Self.ignoreFile.utf8)]
        guard
            !entries.contains(where: { ignoreFiles.contains($0.name.components.last ?? []) })
        else { throw .missingGit(folder: folder) }
        return entries.filter { $0.kind != .folder }.sorted { $0.name < $1.name }
    }
}
