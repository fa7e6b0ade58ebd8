import CArchive
import Glibc

/// Reads a tar file compressed with zstd that a stranger may have made.
@safe final class ArchiveReader {
    private let path: String
    private let limits: BundleLimits
    private let source: Decompression
    private let archive: OpaquePointer

    init(_ path: String, limits: BundleLimits) throws(BundleError) {
        self.path = path
        self.limits = limits
        source = try Decompression(path, byteLimit: limits.archiveByteCount)
        guard let archive = unsafe archive_read_new() else {
            throw .library(reason: "no memory is left")
        }
        unsafe self.archive = unsafe archive
        // Unretained: `source` lives as long as the archive that calls it.
        let context = unsafe Unmanaged.passUnretained(source).toOpaque()
        guard unsafe archive_read_support_format_tar(archive) == ARCHIVE_OK,
            unsafe archive_read_open(
                archive, context, nil,
                { _, context, start in
                    guard let context = unsafe context, let start = unsafe start else { return -1 }
                    let source = unsafe Unmanaged<Decompression>.fromOpaque(context)
                        .takeUnretainedValue()
                    return unsafe source.next(start)
                }, nil) == ARCHIVE_OK
        else { throw problem }
    }

    deinit { unsafe archive_read_free(archive) }

    private var problem: BundleError {
        if source.isExhausted { return .tooMuch(.bytes(limits.byteCount), largest: []) }
        if let reason = source.problem { return .damaged(path: path, reason: reason) }
        return .damaged(path: path, reason: unsafe ArchiveText.problem(of: archive))
    }

    /// The next entry; nil at the end.
    ///
    /// - Throws: `BundleError.unfit` for what is no file, folder or symbolic link, and for modes
    ///   that give rights.
    func next() throws(BundleError) -> FolderEntry? {
        var header: OpaquePointer?
        let status = UTF8Locale.during { unsafe archive_read_next_header(archive, &header) }
        if status == ARCHIVE_EOF { return nil }
        // A warning means that something in the header was not understood.
        guard status == ARCHIVE_OK, let header = unsafe header else { throw problem }
        return try UTF8Locale.during { () throws(BundleError) in
            try unsafe entry(header)
        }
    }

    @unsafe private func entry(_ header: OpaquePointer) throws(BundleError) -> FolderEntry {
        guard let path = unsafe archive_entry_pathname(header) else {
            throw .unfit(name: ByteText.printable([]), reason: "its name is not UTF-8")
        }
        var bytes = unsafe ArchiveText.bytes(path)
        let type = unsafe archive_entry_filetype(header)
        // The form of tar files writes the name of a folder with a / at its end.
        if type == S_IFDIR, bytes.last == EntryName.separator { bytes.removeLast() }
        let name = try EntryName(bytes)
        guard unsafe archive_entry_hardlink(header) == nil else {
            throw .unfit(name: name.text, reason: "it is a hard link")
        }
        let mode = unsafe archive_entry_perm(header)
        guard mode & 0o7000 == 0 else {
            throw .unfit(name: name.text, reason: "it has a setuid, setgid or sticky bit")
        }
        return FolderEntry(name: name, kind: try unsafe kind(header, type, mode, name))
    }

    @unsafe private func kind(
        _ header: OpaquePointer, _ type: mode_t, _ mode: mode_t, _ name: EntryName
    ) throws(BundleError) -> FolderEntry.Kind {
        switch type {
        case S_IFDIR: return .folder
        case S_IFREG:
            let byteCount = unsafe archive_entry_size(header)
            return .file(byteCount: UInt64(max(0, byteCount)), isExecutable: mode & 0o100 != 0)
        case S_IFLNK:
            guard let target = unsafe archive_entry_symlink(header) else {
                throw .unfit(name: name.text, reason: EntryName.linkProblem)
            }
            return .link(target: unsafe ArchiveText.bytes(target))
        default:
            throw .unfit(name: name.text, reason: "it is no file, folder or symbolic link")
        }
    }

    /// The next bytes of the entry's content into `piece`; 0 at its end.
    func read(into piece: inout [UInt8]) throws(BundleError) -> Int {
        let count = unsafe archive_read_data(archive, &piece, piece.count)
        guard count >= 0 else { throw problem }
        return count
    }
}
