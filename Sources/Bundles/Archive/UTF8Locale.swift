import Glibc

/// The locale in which libarchive hands out names in UTF-8.
///
/// It converts names of pax headers to the charset of the thread's locale, and a Swift process
/// starts in the one that has ASCII only.
enum UTF8Locale {
    // Made once and never freed or changed.
    nonisolated(unsafe) private static let locale = unsafe newlocale(
        1 << LC_CTYPE, "C.UTF-8", nil)

    /// Runs `body`, which must not suspend, with the locale on this thread alone.
    static func during<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let previous = unsafe uselocale(locale)
        defer { _ = unsafe uselocale(previous) }
        return try body()
    }
}
