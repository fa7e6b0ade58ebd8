import CArchive
import Glibc

/// Writes a tar file compressed with zstd; the same entries give the same bytes.
///
/// The form is the ustar of POSIX.1-1988, with pax headers where that is too narrow. Times and
/// owners are 0, modes are 0644 or 0755, and nothing else of the host gets in.
@safe final class ArchiveWriter {
    private static let blockBytes: Int32 = 64 * 1024
    private static let pieceBytes = 256 * 1024

    private let path: String
    private let archive: OpaquePointer
    private let descriptor: Int32

    /// Makes the file at `path`, which must not exist.
    init(_ path: String) throws(BundleError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = unsafe Glibc.open(path, flags, 0o600)
        guard descriptor >= 0 else { throw .system("make", path) }
        guard let archive = unsafe archive_write_new() else {
            close(descriptor)
            throw .library(reason: "no memory is left")
        }
        self.path = path
        self.descriptor = descriptor
        unsafe self.archive = unsafe archive
        // Names are kept byte for byte. A filter that is not exactly ok would start a program.
        try check(unsafe archive_write_set_format_pax_restricted(archive))
        try check(unsafe archive_write_set_option(archive, "pax", "hdrcharset", "BINARY"))
        try check(unsafe archive_write_add_filter_zstd(archive))
        try check(unsafe archive_write_set_bytes_per_block(archive, Self.blockBytes))
        try check(unsafe archive_write_set_bytes_in_last_block(archive, 1))
        try check(unsafe archive_write_open_fd(archive, descriptor))
    }

    deinit {
        unsafe archive_write_free(archive)
        close(descriptor)
    }

    private func check(_ status: Int32) throws(BundleError) {
        guard status != ARCHIVE_OK else { return }
        throw .system(
            operation: "write", path: path,
            reason: unsafe ArchiveText.problem(of: archive))
    }

    /// Appends an entry with the bytes that it has in `folder`, if they are of a file of `owner`;
    /// nil for anybody's.
    func append(
        _ entry: FolderEntry, from folder: borrowing FolderHandle, owner: UInt32? = nil
    ) throws(BundleError) {
        switch entry.kind {
        case .folder: try writeHeader(entry.name, type: S_IFDIR, permissions: 0o755)
        case .link(let target):
            try writeHeader(entry.name, type: S_IFLNK, permissions: 0o755, target: target)
        case .file(let byteCount, let isExecutable):
            try writeHeader(
                entry.name, type: S_IFREG, permissions: isExecutable ? 0o755 : 0o644,
                byteCount: byteCount)
            let file = try open(entry, from: folder)
            defer { close(file) }
            if let owner { try entry.check(file, isOf: owner) }
            try copy(file, byteCount: byteCount, of: entry)
        }
    }

    private func writeHeader(
        _ name: EntryName, type: mode_t, permissions: mode_t, byteCount: UInt64 = 0,
        target: [UInt8]? = nil
    ) throws(BundleError) {
        guard let header = unsafe archive_entry_new() else {
            throw .library(reason: "no memory is left")
        }
        defer { unsafe archive_entry_free(header) }
        unsafe archive_entry_copy_pathname(header, FolderHandle.text(name.bytes))
        unsafe archive_entry_set_filetype(header, type)
        unsafe archive_entry_set_perm(header, permissions)
        unsafe archive_entry_set_size(header, Int64(clamping: byteCount))
        unsafe archive_entry_set_mtime(header, 0, 0)
        if let target { unsafe archive_entry_copy_symlink(header, FolderHandle.text(target)) }
        try check(unsafe archive_write_header(archive, header))
    }

    private func open(
        _ entry: FolderEntry, from folder: borrowing FolderHandle
    ) throws(BundleError) -> Int32 {
        let file = try folder.withFolder(of: entry.name) { folder, leaf in
            // Without waiting, should a pipe have taken the file's place meanwhile.
            unsafe openat(
                folder.descriptor, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        }
        guard let file else { throw changed(entry) }
        guard file >= 0 else { throw .system("open", entry.name.text) }
        return file
    }

    private func copy(
        _ file: Int32, byteCount: UInt64, of entry: FolderEntry
    ) throws(BundleError) {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var left = byteCount
        while true {
            let count = unsafe read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", entry.name.text) }
            guard count <= left else { throw changed(entry) }
            if count == 0 { break }
            left -= UInt64(count)
            guard unsafe archive_write_data(archive, piece, count) == count else {
                return try check(ARCHIVE_FATAL)
            }
        }
        guard left == 0 else { throw changed(entry) }
    }

    private func changed(_ entry: FolderEntry) -> BundleError {
        .unfit(name: entry.name.text, reason: "it changed while it was packed; try again")
    }

    /// Completes the file.
    func finish() throws(BundleError) {
        try check(unsafe archive_write_close(archive))
    }
}
