import Vocabulary

/// The names in a file's first record and where the wanted ones stand.
struct CSVHeader {
    let names: [String]
    /// Positions of `DataSpec.columns`.
    private(set) var columns: [Int] = []
    /// Position of the target.
    private(set) var target = 0
    /// Position of the time; nil when the spec names none.
    private(set) var time: Int?

    /// Reads the first record; nil, with problems added, when rows cannot be read by it.
    init?(
        of scanner: inout CSVScanner, spec: DataSpec, problems: inout ProblemList
    ) throws(CSVScanner.Problem) {
        if scanner.bytes.starts(with: [0xFF, 0xFE]) || scanner.bytes.starts(with: [0xFE, 0xFF]) {
            problems.add(line: 1, "The file is in UTF-16.", fix: "Save it as UTF-8.")
            return nil
        }
        var cells: [CSVScanner.Cell] = []
        guard try scanner.next(into: &cells), cells.contains(where: { $0.start < $0.end }) else {
            problems.add("The file is empty.", fix: "Start it with a line of column names.")
            return nil
        }
        names = cells.map { scanner.text(of: $0) }
        var firstColumn: [String: Int] = [:]
        for (position, name) in names.enumerated() {
            guard let first = firstColumn[name] else {
                firstColumn[name] = position
                continue
            }
            problems.add(
                line: scanner.line, column: scanner.place(of: cells[position].start).column,
                field: name,
                "The header names this column twice, as number \(first + 1) and "
                    + "\(position + 1).",
                fix: "Give each column its own name.")
        }
        let target = find(spec.target, firstColumn, scanner.line, &problems)
        let columns = spec.columns.map { find($0, firstColumn, scanner.line, &problems) }
        let time = spec.time.map { find($0, firstColumn, scanner.line, &problems) }
        guard let target, !columns.contains(nil), time != .some(nil) else { return nil }
        self.target = target
        self.columns = columns.compactMap { $0 }
        self.time = time ?? nil
    }

    private func find(
        _ name: String, _ positions: [String: Int], _ line: Int, _ problems: inout ProblemList
    ) -> Int? {
        if let position = positions[name] { return position }
        var fix = NearestName.question(for: name, in: names)
        if names.count == 1, let separator = [";", "\t", "|"].first(where: names[0].contains) {
            fix = "The cells seem to be separated by \"\(separator)\"; separate them by commas."
        } else if fix.isEmpty {
            fix = "The columns are \(names.prefix(20).joined(separator: ", "))."
        }
        problems.add(line: line, field: name, "The file has no such column.", fix: fix)
        return nil
    }
}
