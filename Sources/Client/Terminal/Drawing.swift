/// Small pictures made of block characters.
package enum Drawing {
    private static let heights = Array("▁▂▃▄▅▆▇█")
    private static let eighths = Array(" ▏▎▍▌▋▊▉")

    /// A bar `width` columns wide of which the share `done` of `total` is filled.
    ///
    /// A total of 0 gives an empty bar, more than the total a full one.
    package static func bar(done: Double, of total: Double, width: Int) -> String {
        let share = total > 0 && done > 0 ? min(done / total, 1) : 0
        let filled = Int((share * Double(width * 8)).rounded(.down))
        let whole = String(repeating: "█", count: filled / 8)
        let part = filled % 8 > 0 ? String(eighths[filled % 8]) : ""
        let rest = width - filled / 8 - part.count
        return whole + part + String(repeating: "·", count: max(rest, 0))
    }

    /// A curve as a row of bars, at most `width` columns: low values low, high values high.
    ///
    /// More values than columns are averaged; one that is not finite shows as `×`.
    package static func sparkline(_ values: [Double], width: Int) -> String {
        guard width > 0, !values.isEmpty else { return "" }
        let columns = min(width, values.count)
        let points = (0..<columns).map { column in
            let first = column * values.count / columns
            let end = (column + 1) * values.count / columns
            return mean(values[first..<end])
        }
        let finite = points.filter(\.isFinite)
        guard let lowest = finite.min(), let highest = finite.max() else {
            return String(repeating: "×", count: columns)
        }
        // Halves, because the difference of two finite numbers may not be finite.
        let range = highest / 2 - lowest / 2
        return String(
            points.map { point in
                guard point.isFinite else { return "×" }
                guard range > 0 else { return heights[heights.count / 2 - 1] }
                let share = (point / 2 - lowest / 2) / range
                return heights[min(Int(share * Double(heights.count)), heights.count - 1)]
            })
    }

    /// Each value is divided first, so that the sum of finite values stays finite.
    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0) { $0 + $1 / Double(values.count) }
    }
}
