import Vocabulary

/// The columns of a CSV file that a `DataSpec` names, as numbers, ordered by time.
struct DataFile {
    /// The values of each of `DataSpec.columns`, NaN where a cell is empty.
    private(set) var columns: [[Float]]
    /// The target of each row; NaN where the cell is empty.
    private(set) var target: [Double] = []
    /// The time of each row; empty without a time column.
    private(set) var times: [CivilTime] = []
    /// The time cells as they stand in the file; empty without a time column.
    private(set) var timeTexts: [String] = []
    /// The line of each row.
    private(set) var lines: [Int] = []

    /// Whether rows without a target are kept.
    private let allowsMissingTarget: Bool
    private let spec: DataSpec

    /// Reads `bytes`; `file` is its name for people.
    init(
        _ bytes: [UInt8], file: String, spec: DataSpec, allowsMissingTarget: Bool
    ) throws(Diagnostics) {
        self.spec = spec
        self.allowsMissingTarget = allowsMissingTarget
        columns = [[Float]](repeating: [], count: spec.columns.count)
        var problems = ProblemList(file: file)
        var scanner = CSVScanner(bytes)
        do throws(CSVScanner.Problem) {
            if let header = try CSVHeader(of: &scanner, spec: spec, problems: &problems) {
                try readRows(&scanner, header, &problems)
            }
        } catch {
            problems.add(line: error.line, column: error.column, error.message, fix: error.fix)
        }
        try problems.check()
        if spec.time != nil {
            sortByTime(&problems)
            try problems.check()
        }
    }

    private mutating func readRows(
        _ scanner: inout CSVScanner, _ header: CSVHeader, _ problems: inout ProblemList
    ) throws(CSVScanner.Problem) {
        var cells: [CSVScanner.Cell] = []
        while !problems.isFull, try scanner.next(into: &cells) {
            // An empty line between rows means nothing unless an empty cell is a whole row.
            if cells.count == 1, cells[0].start == cells[0].end, header.names.count > 1 {
                continue
            }
            guard cells.count == header.names.count else {
                problems.add(
                    line: scanner.line,
                    "The row has \(cells.count) cells where the header has "
                        + "\(header.names.count).",
                    fix: cells.count < header.names.count
                        ? "Write an empty cell for an unknown value."
                        : "Put a cell with a comma in quotes.")
                continue
            }
            lines.append(scanner.line)
            for (position, cell) in header.columns.enumerated() {
                let value = number(cells[cell], of: spec.columns[position], scanner, &problems)
                columns[position].append(Float(value ?? .nan))
            }
            readTarget(cells[header.target], scanner, &problems)
            if let time = header.time { readTime(cells[time], scanner, &problems) }
        }
    }

    private mutating func readTarget(
        _ cell: CSVScanner.Cell, _ scanner: CSVScanner, _ problems: inout ProblemList
    ) {
        let value = number(cell, of: spec.target, scanner, &problems)
        if value == nil, !allowsMissingTarget {
            let place = scanner.place(of: cell.start)
            problems.add(
                line: place.line, column: place.column, field: spec.target,
                "The target is missing in this row.",
                fix: "Fill it in, or remove the row.")
        }
        target.append(value ?? .nan)
    }

    private mutating func readTime(
        _ cell: CSVScanner.Cell, _ scanner: CSVScanner, _ problems: inout ProblemList
    ) {
        guard let time = CivilTime(scanner.bytes[cell.start..<cell.end]) else {
            let place = scanner.place(of: cell.start)
            problems.add(
                line: place.line, column: place.column, field: spec.time ?? "",
                "\"\(excerpt(scanner.text(of: cell)))\" is not a time.",
                fix: "Write it as YYYY-MM-DD HH:MM:SS.")
            return
        }
        times.append(time)
        timeTexts.append(scanner.text(of: cell))
    }

    /// The number in a cell: nil when it is empty, 0 and a problem when it holds something else.
    private func number(
        _ cell: CSVScanner.Cell, of column: String, _ scanner: CSVScanner,
        _ problems: inout ProblemList
    ) -> Double? {
        var (start, end) = (cell.start, cell.end)
        while start < end, scanner.bytes[start] == UInt8(ascii: " ") { start += 1 }
        while start < end, scanner.bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        guard start < end else { return nil }
        let place = { scanner.place(of: cell.start) }
        guard let value = Double(String(decoding: scanner.bytes[start..<end], as: UTF8.self))
        else {
            problems.add(
                line: place().line, column: place().column, field: column,
                "\"\(excerpt(scanner.text(of: cell)))\" is not a number.",
                fix: "Write a number with a decimal point, or leave the cell empty.")
            return 0
        }
        guard value.magnitude <= Double(Float.greatestFiniteMagnitude) else {
            problems.add(
                line: place().line, column: place().column, field: column,
                "\"\(excerpt(scanner.text(of: cell)))\" is not a finite 32-bit number.",
                fix: "Leave the cell empty if the value is unknown.")
            return 0
        }
        return value
    }

    private mutating func sortByTime(_ problems: inout ProblemList) {
        let order = times.indices.sorted {
            (times[$0].seconds, $0) < (times[$1].seconds, $1)
        }
        for (earlier, later) in zip(order, order.dropFirst())
        where times[earlier].seconds == times[later].seconds {
            problems.add(
                line: lines[later], field: spec.time ?? "",
                "\(timeTexts[later]) stands also on line \(lines[earlier]).",
                fix: "Keep one row for each time.")
            if problems.isFull { return }
        }
        columns = columns.map { column in order.map { column[$0] } }
        target = order.map { target[$0] }
        times = order.map { times[$0] }
        timeTexts = order.map { timeTexts[$0] }
        lines = order.map { lines[$0] }
    }

    private func excerpt(_ text: String) -> String {
        text.count > 40 ? text.prefix(40) + "…" : text
    }
}
