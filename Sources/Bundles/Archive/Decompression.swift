import CArchive
import Glibc

/// The bytes of a file compressed with zstd, no more than a limit of them.
///
/// The limit is on what comes out, whatever the reader does with it: a tar reader passes over
/// bytes by decompressing them, and an archive could make it do so for hours.
@safe final class Decompression {
    private static let blockBytes = 64 * 1024

    private let descriptor: Int32
    private let archive: OpaquePointer
    private var left: UInt64
    /// Whether the limit was met.
    private(set) var isExhausted = false
    /// Why there are no more bytes, when that is not the end of the file.
    private(set) var problem: String?

    init(_ path: String, byteLimit: UInt64) throws(BundleError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", path) }
        guard let archive = unsafe archive_read_new() else {
            close(descriptor)
            throw .library(reason: "no memory is left")
        }
        self.descriptor = descriptor
        unsafe self.archive = unsafe archive
        left = byteLimit
        // The one filter is given, not guessed: guessing tries many, and filters within filters.
        var entry: OpaquePointer?
        guard unsafe archive_read_append_filter(archive, ARCHIVE_FILTER_ZSTD) == ARCHIVE_OK,
            unsafe archive_read_support_format_raw(archive) == ARCHIVE_OK,
            unsafe archive_read_open_fd(archive, descriptor, Self.blockBytes) == ARCHIVE_OK,
            unsafe archive_read_next_header(archive, &entry) == ARCHIVE_OK
        else {
            throw .damaged(path: path, reason: unsafe ArchiveText.problem(of: archive))
        }
    }

    deinit {
        unsafe archive_read_free(archive)
        close(descriptor)
    }

    /// The next bytes, which stay until the next call; none at the end, -1 for a problem.
    @unsafe func next(_ start: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        var count = 0
        var offset: Int64 = 0
        let status = unsafe archive_read_data_block(archive, start, &count, &offset)
        if status == ARCHIVE_EOF { return 0 }
        guard status == ARCHIVE_OK else {
            problem = unsafe ArchiveText.problem(of: archive)
            return -1
        }
        guard UInt64(count) <= left else {
            isExhausted = true
            return -1
        }
        left -= UInt64(count)
        return count
    }
}
