import Glibc

/// A tree that is being unpacked: everything in it is new and reached without following links.
struct UnpackedTree: ~Copyable {
    private let root: FolderHandle
    private let isReadOnly: Bool

    init(_ path: String, isReadOnly: Bool) throws(BundleError) {
        root = try FolderHandle(path)
        self.isReadOnly = isReadOnly
    }

    private var folderMode: mode_t { isReadOnly ? 0o555 : 0o755 }

    /// Makes `name` by `body`, which returns -1 when the system refuses.
    private func make(
        _ name: EntryName, _ body: (Int32, [CChar]) -> Int32
    ) throws(BundleError) -> Int32 {
        let result = try root.withFolder(of: name) { folder, leaf in body(folder.descriptor, leaf) }
        guard let result, result >= 0 else { throw .system("make", name.text) }
        return result
    }

    func makeFolder(_ name: EntryName) throws(BundleError) {
        _ = try make(name) { folder, leaf in unsafe mkdirat(folder, leaf, 0o700) }
    }

    func makeLink(_ name: EntryName, target: [UInt8]) throws(BundleError) {
        let text = FolderHandle.text(target)
        _ = try make(name) { folder, leaf in unsafe symlinkat(text, folder, leaf) }
    }

    func makeFile(_ name: EntryName) throws(BundleError) -> UnpackedFile {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = try make(name) { folder, leaf in
            unsafe openat(folder, leaf, flags, 0o600)
        }
        return UnpackedFile(descriptor: descriptor, name: name, isReadOnly: isReadOnly)
    }

    /// Gives a folder its mode once everything is in it.
    func finishFolder(_ name: EntryName) throws(BundleError) {
        guard let folder = try root.folder(name), fchmod(folder.descriptor, folderMode) == 0 else {
            throw .system("set the mode of", name.text)
        }
    }

    /// Gives the tree's top its mode.
    func finish() throws(BundleError) {
        guard fchmod(root.descriptor, folderMode) == 0 else {
            throw .system("set the mode of", "the unpacked folder")
        }
    }
}

/// A file that is being unpacked.
struct UnpackedFile: ~Copyable {
    private static let pieceBytes = 256 * 1024

    private let descriptor: Int32
    private let name: EntryName
    private let isReadOnly: Bool

    init(descriptor: Int32, name: EntryName, isReadOnly: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isReadOnly = isReadOnly
    }

    deinit { close(descriptor) }

    /// Writes what the reader's entry holds, as far as the plan's limits allow.
    func copy(
        from reader: ArchiveReader, plan: inout TreePlan
    ) throws(BundleError) {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            let count = try reader.read(into: &piece)
            guard count > 0 else { return }
            try plan.add(byteCount: UInt64(count))
            try write(piece.span.extracting(first: count))
        }
    }

    private func write(_ bytes: Span<UInt8>) throws(BundleError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.extracting(droppingFirst: done).withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write", name.text) }
            done += count
        }
    }

    /// Gives the file its mode.
    consuming func finish(isExecutable: Bool) throws(BundleError) {
        let mode: mode_t = (isReadOnly ? 0o444 : 0o644) | (isExecutable ? 0o111 : 0)
        guard fchmod(descriptor, mode) == 0 else { throw .system("set the mode of", name.text) }
    }
}
