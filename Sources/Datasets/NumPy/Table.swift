/// Rows of named 32-bit numbers, the form in which prepared data is stored.
///
/// The file is NumPy's `.npy` with a structured dtype, one `<f4` field for each column, so
/// `numpy.load(path)` gives named columns and the bytes behind the header are one row-major
/// matrix.
package struct Table: Hashable, Sendable {
    /// The columns: features in order, then the target.
    package let names: [String]
    /// The cells, row by row; NaN where a value is missing.
    package let values: [Float]

    /// The most columns of a table.
    package static let columnLimit = 10_000

    /// How many rows there are.
    package var rows: Int { names.isEmpty ? 0 : values.count / names.count }

    /// Takes `values`, a whole number of rows of `names.count` cells each.
    package init(names: [String], values: [Float]) {
        precondition(
            !names.isEmpty && values.count.isMultiple(of: names.count),
            "\(values.count) cells are no whole rows of \(names.count)")
        self.names = names
        self.values = values
    }

    /// Reads a file as ``npy`` writes it.
    ///
    /// Columns are `<f4`, rows are in C order, and the length must fit the shape exactly.
    package init(npy bytes: [UInt8]) throws(TableError) {
        let header = try NumPyHeader(bytes)
        guard case .fields(let names) = header.layout else {
            throw TableError("the file has no named columns")
        }
        let (cells, overflow) = header.rows.multipliedReportingOverflow(by: names.count)
        values = try header.elements(of: bytes, count: overflow ? .max : cells, as: Float.self)
        self.names = names
    }

    /// The table as the content of a `.npy` file; the same table gives the same bytes.
    package var npy: [UInt8] {
        let header = NumPyHeader(layout: .fields(names), rows: rows)
        return header.bytes + NumPyHeader.rawBytes(of: values)
    }

    /// The position of a column; nil when there is none of that name.
    package func position(of name: String) -> Int? { names.firstIndex(of: name) }
}

/// The loss of each of the gate's rows, in the order of the rows: a one-dimensional `.npy` file
/// of `<f8`.
package enum Losses {
    /// The content of the file.
    package static func npy(_ losses: [Double]) -> [UInt8] {
        NumPyHeader(layout: .doubles, rows: losses.count).bytes
            + NumPyHeader.rawBytes(of: losses)
    }

    /// Reads a file as ``npy(_:)`` writes it; its length must fit the shape exactly.
    package static func read(_ bytes: [UInt8]) throws(TableError) -> [Double] {
        let header = try NumPyHeader(bytes)
        guard case .doubles = header.layout else {
            throw TableError("the file is no one-dimensional array of <f8")
        }
        return try header.elements(of: bytes, count: header.rows, as: Double.self)
    }
}

/// Why bytes are not a table or losses.
package struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ message: String) { self.message = message }
}
