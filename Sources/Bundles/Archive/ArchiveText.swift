import CArchive

/// What libarchive says, as Swift's values.
enum ArchiveText {
    /// The last failure of `archive`.
    @unsafe static func problem(of archive: OpaquePointer) -> String {
        guard let text = unsafe archive_error_string(archive) else { return "it does not say why" }
        return unsafe ByteText.printable(Array(String(cString: text).utf8))
    }

    /// The bytes of a text that C owns, without its end.
    @unsafe static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        var bytes: [UInt8] = []
        var next = unsafe text
        while unsafe next.pointee != 0 {
            bytes.append(UInt8(bitPattern: unsafe next.pointee))
            unsafe next += 1
        }
        return bytes
    }
}
