/// Rows under headings, laid out for the width of a page.
package struct TextTable: Sendable {
    /// How one column behaves.
    package struct Column: Sendable {
        /// The heading.
        package var title: String
        /// Right for numbers.
        package var alignment: Alignment
        /// The fewest columns it may shrink to, the title's at least; nil for text that must not be
        /// cut.
        package var minimum: Int?
        /// Columns with a higher rank are left out first on a narrow page; 0 always stays.
        package var rank: Int

        /// A column under `title`.
        package init(
            _ title: String, _ alignment: Alignment = .left, minimum: Int? = nil, rank: Int = 0
        ) {
            self.title = title
            self.alignment = alignment
            self.minimum = minimum
            self.rank = rank
        }
    }

    private static let gap = 2

    /// The columns from left to right.
    package var columns: [Column]
    /// The rows, each with a cell for every column.
    package var rows: [[StyledText]]

    /// A table with `columns` and no rows.
    package init(_ columns: [Column], rows: [[StyledText]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The lines of the table, none wider than `width` unless its columns cannot shrink so far.
    package func lines(width: Int) -> [StyledText] {
        let (kept, widths) = layout(width: width)
        let heading = line(kept, widths) { StyledText(columns[$0].title, .strong) }
        let body = rows.map { row in line(kept, widths) { row[$0] } }
        return [heading] + body
    }

    private func line(_ kept: [Int], _ widths: [Int], cell: (Int) -> StyledText) -> StyledText {
        var line = StyledText.empty
        for (position, column) in kept.enumerated() {
            if position > 0 { line = line + String(repeating: " ", count: Self.gap) }
            line =
                line
                + cell(column).fitted(to: widths[position], alignment: columns[column].alignment)
        }
        return line
    }

    /// The columns that stay and how wide each is.
    private func layout(width: Int) -> (kept: [Int], widths: [Int]) {
        let natural = columns.indices.map { column in
            rows.reduce(columns[column].title.displayWidth) { max($0, $1[column].width) }
        }
        var kept = Array(columns.indices)
        while true {
            let widths = shrunk(kept, natural, to: width)
            let total = widths.reduce(Self.gap * (kept.count - 1), +)
            let dispensable = kept.filter { columns[$0].rank > 0 }
            guard total > width,
                let least = dispensable.max(by: { columns[$0].rank < columns[$1].rank })
            else { return (kept, widths) }
            kept.removeAll { $0 == least }
        }
    }

    /// Natural widths, with the widest columns that may shrink made smaller until all fits.
    private func shrunk(_ kept: [Int], _ natural: [Int], to width: Int) -> [Int] {
        var widths = kept.map { natural[$0] }
        var excess = widths.reduce(Self.gap * (kept.count - 1), +) - width
        while excess > 0 {
            let shrinkable = kept.indices.filter { position in
                let column = columns[kept[position]]
                guard let minimum = column.minimum else { return false }
                return widths[position] > max(minimum, column.title.displayWidth)
            }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
