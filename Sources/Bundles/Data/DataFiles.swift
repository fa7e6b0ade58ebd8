import Glibc
package import Vocabulary

/// The files of a data set on this host, read and written chunk by chunk.
package struct DataFiles: ~Copyable {
    /// What the data set consists of.
    package let manifest: DataManifest
    private let folder: String
    private let isWritable: Bool
    // The file that was used last: a large one is opened once for all of its chunks.
    private var current: (file: Int, handle: DataFile)?

    /// The files that `manifest` lists, which lie in `folder`.
    package init(_ manifest: DataManifest, in folder: String, isWritable: Bool = false) {
        self.manifest = manifest
        self.folder = folder
        self.isWritable = isWritable
    }

    /// The folder that holds the files of a data set at `path`: itself, or for a single file the
    /// one above.
    package static func folder(of path: String, _ manifest: DataManifest) -> String {
        guard !manifest.isFolder else { return path }
        return above(path)
    }

    /// The bytes of chunk `number`, which the manifest has.
    ///
    /// - Returns: The bytes, not verified; nil when files are missing or shorter than they were.
    /// - Throws: `BundleError.system` when a file cannot be read.
    package mutating func read(_ number: Int) throws(BundleError) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(DataManifest.chunkBytes)
        for piece in manifest.pieces(of: number) {
            guard let part = try file(piece.file)?.read(piece.count, at: piece.offset),
                part.count == piece.count
            else { return nil }
            bytes += part
        }
        return bytes
    }

    /// Puts the bytes of chunk `number`, which the manifest has, to their places.
    ///
    /// - Precondition: They are as many as the chunk has.
    /// - Throws: `BundleError.system` when a file cannot be written.
    package mutating func write(_ bytes: [UInt8], to number: Int) throws(BundleError) {
        var rest = bytes[...]
        for piece in manifest.pieces(of: number) {
            guard let handle = try file(piece.file) else {
                throw .system("open", path(of: piece.file))
            }
            try handle.write(rest.prefix(piece.count), at: piece.offset)
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Makes all folders and files that are missing, as long as they will be.
    package mutating func create() throws(BundleError) {
        for (index, file) in manifest.files.enumerated() {
            try makeFolders(above: file.name)
            let handle = try DataFile(path(of: index), O_RDWR | O_CREAT)
            try handle.resize(to: file.byteCount)
        }
    }

    /// Makes all bytes durable and the files read-only.
    package mutating func finish() throws(BundleError) {
        current = nil
        for index in manifest.files.indices {
            let handle = try DataFile(path(of: index), O_RDWR)
            try handle.finish()
        }
    }

    private mutating func file(_ index: Int) throws(BundleError) -> DataFile? {
        if let current, current.file == index { return current.handle }
        current = nil
        guard let handle = try DataFile(present: path(of: index), isWritable ? O_RDWR : O_RDONLY)
        else { return nil }
        current = (index, handle)
        return handle
    }

    private func path(of index: Int) -> String { "\(folder)/\(manifest.files[index].name)" }

    private func makeFolders(above name: String) throws(BundleError) {
        var path = folder
        for part in name.split(separator: "/").dropLast() {
            path += "/\(part)"
            // Whatever the mask of the process is: others read the files.
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST,
                unsafe chmod(path, 0o755) == 0
            else { throw .system("make", path) }
        }
    }

    /// The folder that holds `path`.
    static func above(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// An open file of a data set.
final class DataFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String, _ flags: Int32) throws(BundleError) {
        self.path = path
        // A pipe must not keep anybody waiting for who writes to it.
        descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    /// The file if it is there.
    init?(present path: String, _ flags: Int32) throws(BundleError) {
        self.path = path
        descriptor = unsafe open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Its length and when it was changed.
    func facts() throws(BundleError) -> stat {
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .system("look at", path) }
        return facts
    }

    /// Up to `count` bytes from `offset`; fewer only at the end.
    func read(_ count: Int, at offset: UInt64) throws(BundleError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done,
                    off_t(clamping: offset) + off_t(done))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system("read", path) }
            guard got > 0 else { break }
            done += got
        }
        bytes.removeLast(count - done)
        return bytes
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: UInt64) throws(BundleError) {
        var done = 0
        while done < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    off_t(clamping: offset) + off_t(done))
            }
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { throw .system("write to", path) }
            done += put
        }
    }

    func resize(to byteCount: UInt64) throws(BundleError) {
        guard ftruncate(descriptor, off_t(clamping: byteCount)) == 0 else {
            throw .system("resize", path)
        }
    }

    /// Makes the bytes durable and the file read-only.
    func finish() throws(BundleError) {
        guard fsync(descriptor) == 0, fchmod(descriptor, 0o444) == 0 else {
            throw .system("finish", path)
        }
    }
}
