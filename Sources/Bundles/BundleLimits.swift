/// How much a bundle may hold, counted as it lies unpacked.
package struct BundleLimits: Hashable, Sendable {
    /// Bytes of all files together.
    package var byteCount: UInt64
    /// Files, links and folders together.
    package var fileCount: Int

    /// Sets both limits.
    package init(byteCount: UInt64, fileCount: Int) {
        self.byteCount = byteCount
        self.fileCount = fileCount
    }

    /// What a code folder may hold: 100 MiB in 10,000 files.
    package static let code = BundleLimits(byteCount: 100 << 20, fileCount: 10_000)

    /// The longest archive of a folder within these limits, before compression, in bytes.
    ///
    /// An entry costs its header, the padding of its last block and, when its name or its link's
    /// target is long, one extended header: less than 8 KiB for the longest of both.
    var archiveByteCount: UInt64 {
        let headers = UInt64(max(0, fileCount)).multipliedReportingOverflow(by: 8 << 10)
        let sum = byteCount.addingReportingOverflow(headers.partialValue)
        let total = sum.partialValue.addingReportingOverflow(1 << 20)
        return headers.overflow || sum.overflow || total.overflow ? .max : total.partialValue
    }
}
