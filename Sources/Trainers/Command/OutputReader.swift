import Vocabulary

/// Finds the learning curve in what a program prints.
struct OutputReader {
    private var unfinished: [UInt8] = []
    private var isTooLong = false
    private var offset: UInt64?

    /// Takes what was read and passes on the metrics of each line that it completes.
    ///
    /// A line longer than `LineBuffer.lineBytes` is passed over. Steps that begin at 0, as loops
    /// in most languages do, are counted from 1.
    mutating func read(
        _ bytes: ArraySlice<UInt8>, into curve: inout Curve
    ) -> [Curve.Report] {
        var reports: [Curve.Report] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                reports += endLine(&curve)
            } else if unfinished.count < LineBuffer.lineBytes {
                unfinished.append(byte)
            } else {
                isTooLong = true
            }
        }
        return reports
    }

    /// Takes the last line, which may have no line feed.
    mutating func endLine(_ curve: inout Curve) -> [Curve.Report] {
        defer {
            unfinished.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        guard !isTooLong, !unfinished.isEmpty else { return [] }
        let line = OutputLine(unfinished)
        guard !line.metrics.isEmpty else { return [] }
        guard let step = line.step else { return curve.take(line.metrics) }
        let offset = offset ?? (step == 0 ? 1 : 0)
        self.offset = offset
        let (sum, overflow) = step.addingReportingOverflow(offset)
        return curve.take(line.metrics, step: overflow || sum == 0 ? nil : sum)
    }
}
