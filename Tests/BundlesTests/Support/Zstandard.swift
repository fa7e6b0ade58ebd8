import CArchive

/// Compresses bytes as no packer of ours would: whatever they are.
enum Zstandard {
    /// libarchive refused.
    struct Failure: Error {}

    static func compress(_ bytes: [UInt8], to path: String, filter: String = "zstd") throws {
        guard let archive = unsafe archive_write_new(), let entry = unsafe archive_entry_new()
        else { throw Failure() }
        defer {
            unsafe archive_entry_free(entry)
            unsafe archive_write_free(archive)
        }
        unsafe archive_entry_set_pathname(entry, "data")
        unsafe archive_entry_set_filetype(entry, 0o100000)
        guard unsafe archive_write_set_format_raw(archive) == ARCHIVE_OK,
            unsafe archive_write_add_filter_by_name(archive, filter) == ARCHIVE_OK,
            unsafe archive_write_open_filename(archive, path) == ARCHIVE_OK,
            unsafe archive_write_header(archive, entry) == ARCHIVE_OK,
            unsafe archive_write_data(archive, bytes, bytes.count) == bytes.count,
            unsafe archive_write_close(archive) == ARCHIVE_OK
        else { throw Failure() }
    }
}
