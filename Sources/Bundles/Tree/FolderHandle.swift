import Glibc
import Hashing

/// An open folder; what is in it is reached from its descriptor, never through a link.
@safe struct FolderHandle: ~Copyable {
    let descriptor: Int32
    private let path: String

    /// Opens the folder at `path`, which may be a link itself.
    init(_ path: String) throws(BundleError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOTDIR || errno == ENOENT ? .notFolder(path) : .system("open", path)
        }
    }

    private init(owning descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    private func path(of name: [UInt8]) -> String { path + "/" + ByteText.printable(name) }

    /// The folder `name` directly in this one; nil when there is none that is no link.
    private func child(_ name: [UInt8]) throws(BundleError) -> FolderHandle? {
        let child = unsafe openat(
            descriptor, Self.text(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP].contains(errno) { return nil }
            throw .system("open", path(of: name))
        }
        return FolderHandle(owning: child, path: path(of: name))
    }

    /// The folder `name`; nil when there is none, or only through a link.
    func folder(_ name: EntryName) throws(BundleError) -> FolderHandle? {
        try folder(name.components[...])
    }

    private func folder(_ components: ArraySlice<[UInt8]>) throws(BundleError) -> FolderHandle? {
        guard let first = components.first, let next = try child(first) else { return nil }
        if components.count == 1 { return next }
        return try next.folder(components.dropFirst())
    }

    /// The names of what is in the folder, in byte order.
    func names() throws(BundleError) -> [[UInt8]] {
        // A descriptor of its own, because closedir closes it and reading moves its position.
        let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            throw .system("read", path)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while true {
            errno = 0
            guard let record = unsafe readdir(stream) else { break }
            let start = unsafe UnsafeRawPointer(record).advanced(by: offset)
            let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
            let name = unsafe Array(UnsafeRawBufferPointer(start: start, count: length))
            if !name.elementsEqual(".".utf8), !name.elementsEqual("..".utf8) { names.append(name) }
        }
        guard errno == 0 else { throw .system("read", path) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Calls `body` with the folder that holds `name` and the name's last component.
    ///
    /// - Returns: nil when a folder on the way is missing or a link.
    func withFolder<Result>(
        of name: EntryName, _ body: (borrowing FolderHandle, [CChar]) throws(BundleError) -> Result
    ) throws(BundleError) -> Result? {
        let leaf = Self.text(name.components.last ?? [])
        guard let parent = name.parent else { return try body(self, leaf) }
        guard let folder = try folder(parent) else { return nil }
        return try body(folder, leaf)
    }

    /// Removes everything in the folder, read-only folders too.
    ///
    /// What folders hold is moved up first, so that it does not matter how deep they are: whoever
    /// made them may have meant to use up descriptors or the stack.
    func removeContents() throws(BundleError) {
        // Only the owner can, and for others the removals fail with the reason.
        _ = fchmod(descriptor, 0o700)
        let mark = ".removing-\(RandomBytes.hexToken().prefix(8))-"
        var moved = 0
        var rest = try names()
        while !rest.isEmpty {
            for name in rest where unsafe unlinkat(descriptor, Self.text(name), 0) != 0 {
                guard errno == EISDIR, let folder = try child(name) else {
                    throw .system("remove", path(of: name))
                }
                _ = fchmod(folder.descriptor, 0o700)
                for inner in try folder.names()
                where unsafe unlinkat(folder.descriptor, Self.text(inner), 0) != 0 {
                    guard errno == EISDIR, let deeper = try folder.child(inner) else {
                        throw .system("remove", folder.path(of: inner))
                    }
                    // A folder that cannot be written to cannot be moved.
                    _ = fchmod(deeper.descriptor, 0o700)
                    let place = Self.text(Array("\(mark)\(moved)".utf8))
                    moved += 1
                    guard
                        unsafe renameat(folder.descriptor, Self.text(inner), descriptor, place) == 0
                    else { throw .system("move", folder.path(of: inner)) }
                }
                guard unsafe unlinkat(descriptor, Self.text(name), AT_REMOVEDIR) == 0 else {
                    throw .system("remove", path(of: name))
                }
            }
            rest = try names()
        }
    }

    /// `name` as C takes it.
    static func text(_ name: [UInt8]) -> [CChar] { name.map(CChar.init(bitPattern:)) + [0] }
}

/// What is in a folder.
extension FolderHandle {
    /// The entry `name`; nil when there is none, or only through a link.
    ///
    /// - Throws: `BundleError.unfit` for what is no file, link or folder.
    func entry(_ name: EntryName) throws(BundleError) -> FolderEntry? {
        let kind = try withFolder(of: name) { folder, leaf throws(BundleError) in
            try folder.kind(of: leaf, name: name)
        }
        guard let kind = kind ?? nil else { return nil }
        return FolderEntry(name: name, kind: kind)
    }

    private func kind(
        of leaf: [CChar], name: EntryName
    ) throws(BundleError) -> FolderEntry.Kind? {
        var facts = stat()
        guard unsafe fstatat(descriptor, leaf, &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return nil }
            throw .system("look at", path(of: name.bytes))
        }
        switch facts.st_mode & S_IFMT {
        case S_IFREG:
            return .file(
                byteCount: UInt64(max(0, facts.st_size)), isExecutable: facts.st_mode & 0o100 != 0)
        case S_IFDIR: return .folder
        case S_IFLNK: return .link(target: try target(of: leaf, name: name))
        case S_IFSOCK: throw .unfit(name: name.text, reason: "it is a socket")
        case S_IFIFO: throw .unfit(name: name.text, reason: "it is a named pipe")
        default: throw .unfit(name: name.text, reason: "it is a device")
        }
    }

    private func target(of leaf: [CChar], name: EntryName) throws(BundleError) -> [UInt8] {
        var target = [CChar](repeating: 0, count: EntryName.longest + 1)
        let count = unsafe readlinkat(descriptor, leaf, &target, target.count)
        guard count >= 0 else { throw .system("read the link", path(of: name.bytes)) }
        return target.prefix(count).map(UInt8.init(bitPattern:))
    }
}

extension FolderEntry {
    /// Checks that `file`, which was opened as this entry, belongs to `owner`.
    // Beside the other uses of `stat`: a file that imports libarchive's headers as well gets its
    // initializer from those, and the compiler then misses their import in the others.
    func check(_ file: Int32, isOf owner: UInt32) throws(BundleError) {
        var facts = stat()
        guard unsafe fstat(file, &facts) == 0 else { throw .system("look at", name.text) }
        guard facts.st_uid == owner else {
            throw .unfit(
                name: name.text,
                reason: "it belongs to another user than the one who made the folder")
        }
    }
}
