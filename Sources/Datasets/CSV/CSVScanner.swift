/// Splits the bytes of a comma-separated file into records, strictly by RFC 4180.
///
/// Written here because a person needs the line and column of what is wrong with a file:
/// SwiftCSV 0.10 gives neither, and it builds a string for every cell of every column, where
/// this reader touches only the columns that are asked for.
struct CSVScanner {
    /// Where the content of one cell stands, without its quotes.
    struct Cell {
        var start: Int
        var end: Int
        /// Whether the content has doubled quotes.
        var hasEscapes = false
    }

    /// What makes the rest of the file unreadable, with its place.
    struct Problem: Error {
        var line: Int
        var column: Int
        var message: String
        var fix: String
    }

    /// Cells of one record; a wider file is hardly a table of numbers.
    static let cellLimit = 10_000

    let bytes: [UInt8]
    /// The line on which the last record starts, from 1.
    private(set) var line = 0
    private var recordStart = 0
    private var offset = 0
    private var nextLine = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// Reads the next record into `cells`, or gives false at the end of the file.
    ///
    /// An empty line is a record of one empty cell.
    mutating func next(into cells: inout [Cell]) throws(Problem) -> Bool {
        cells.removeAll(keepingCapacity: true)
        guard offset < bytes.count else { return false }
        recordStart = offset
        line = nextLine
        while true {
            let cell =
                try offset < bytes.count && bytes[offset] == Self.quote
                ? quotedCell() : plainCell()
            guard cells.count < Self.cellLimit else {
                throw problem(
                    at: cell.start, "The record has more than \(Self.cellLimit) cells.",
                    fix: "Check the quotes and the separator.")
            }
            cells.append(cell)
            guard offset < bytes.count else { return true }
            if bytes[offset] == UInt8(ascii: ",") {
                offset += 1
                continue
            }
            try endLine()
            return true
        }
    }

    /// The content of a cell with doubled quotes made single; repaired where it is not UTF-8.
    func text(of cell: Cell) -> String {
        let content = bytes[cell.start..<cell.end]
        guard cell.hasEscapes else { return String(decoding: content, as: UTF8.self) }
        return String(decoding: content, as: UTF8.self)
            .split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }

    /// The line and the column in characters, both from 1, of an offset in the last record.
    func place(of position: Int) -> (line: Int, column: Int) {
        var (line, column) = (line, 1)
        for byte in bytes[recordStart..<min(position, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    private static let quote = UInt8(ascii: "\"")

    private mutating func plainCell() throws(Problem) -> Cell {
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return Cell(start: start, end: offset)
            case Self.quote:
                throw problem(
                    at: offset, "A quote stands inside a cell that does not start with one.",
                    fix: "Put the whole cell in quotes and double the quotes in it (RFC 4180).")
            default:
                offset += 1
            }
        }
        return Cell(start: start, end: offset)
    }

    private mutating func quotedCell() throws(Problem) -> Cell {
        let opening = offset
        var cell = Cell(start: opening + 1, end: opening + 1)
        offset += 1
        while offset < bytes.count {
            defer { offset += 1 }
            if bytes[offset] == UInt8(ascii: "\n") { nextLine += 1 }
            guard bytes[offset] == Self.quote else { continue }
            guard offset + 1 < bytes.count else {
                cell.end = offset
                return cell
            }
            switch bytes[offset + 1] {
            case Self.quote:
                cell.hasEscapes = true
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                cell.end = offset
                return cell
            default:
                throw problem(
                    at: offset + 1, "Text follows the closing quote of a cell.",
                    fix: "Double the quotes inside a cell (RFC 4180).")
            }
        }
        throw problem(
            at: opening, "The quote that opens here is never closed.",
            fix: "Close it, or remove it if the cell has none.")
    }

    private mutating func endLine() throws(Problem) {
        if bytes[offset] == UInt8(ascii: "\r") {
            guard offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\n") else {
                throw problem(
                    at: offset, "A carriage return stands without a line feed.",
                    fix: "Save the file with LF or CRLF line ends.")
            }
            offset += 1
        }
        offset += 1
        nextLine += 1
    }

    private func problem(at position: Int, _ message: String, fix: String) -> Problem {
        let place = place(of: position)
        return Problem(line: place.line, column: place.column, message: message, fix: fix)
    }
}
