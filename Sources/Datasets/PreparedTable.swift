package import Vocabulary

/// A CSV file made into the two files that trials get, with what a person wants to know of it.
package struct PreparedTable: Sendable {
    /// The search rows as a NumPy file: training rows, then validation rows.
    package let search: [UInt8]
    /// The gate's rows as a NumPy file; nil when the spec keeps none.
    package let gate: [UInt8]?
    /// How many of the search rows, the last ones, are for validation.
    package let validationRows: UInt32
    /// How many rows models are trained on.
    package let trainingRows: UInt32
    /// How many rows only the gate sees.
    package let gateRows: UInt32
    /// Rows of the file without a full lag window, which were left out.
    package let droppedRows: Int
    /// Names of the features in order; the target stands behind them in the files.
    package let featureNames: [String]
    /// The times of all kept rows: training, validation, gate.
    package let times: [String]

    /// The most bytes of a CSV file that are read.
    package static let fileBytes = 1 << 30

    /// Reads the CSV file at `path`, named `file` to people, as bytes for ``make(from:file:spec:)``
    /// and for its digest.
    package static func read(_ path: String, file: String) throws(Diagnostics) -> [UInt8] {
        do {
            return try FileBytes.read(path, limit: fileBytes)
        } catch {
            throw Diagnostics([
                Diagnostic(
                    file: file,
                    message: error.isMissing
                        ? "There is no such file." : "The file \(error.message).",
                    fix: error.isMissing
                        ? "Check data.path: it is relative to the sweep file." : "")
            ])
        }
    }

    /// Makes features and splits the rows by order: training, validation, gate.
    ///
    /// Shares are of all rows that have features and are rounded to whole rows. The same bytes
    /// and spec give the same files, so the same digests. Throws what is wrong with the file,
    /// named `file` to people, or the spec, all at once up to a limit.
    package static func make(
        from bytes: [UInt8], file: String, spec: DataSpec
    ) throws(Diagnostics) -> PreparedTable {
        guard (0..<1).contains(spec.validation), (0..<1).contains(spec.gate),
            spec.validation + spec.gate < 1
        else {
            throw Diagnostics([
                Diagnostic(
                    field: "data.validation",
                    message: "The shares \(spec.validation) for validation and \(spec.gate) for "
                        + "the gate leave nothing to train on.",
                    fix: "Choose shares from 0 whose sum is below 1.")
            ])
        }
        let features = try Features.make(from: bytes, file: file, spec: spec)
        let gateRows = Int((Double(features.rows) * spec.gate).rounded())
        let validationRows = Int((Double(features.rows) * spec.validation).rounded())
        let trainingRows = features.rows - gateRows - validationRows
        guard trainingRows >= 2, spec.gate == 0 || gateRows >= 1,
            spec.validation == 0 || validationRows >= 1, UInt32(exactly: features.rows) != nil
        else {
            throw Diagnostics([
                Diagnostic(
                    file: file,
                    message: "\(features.rows) rows with features split into \(trainingRows) "
                        + "for training, \(validationRows) for validation and \(gateRows) for "
                        + "the gate: too few.",
                    fix: "Add rows, or change the shares.")
            ])
        }
        let searchRows = trainingRows + validationRows
        return PreparedTable(
            search: Table(features, rows: 0..<searchRows, target: spec.target).npy,
            gate: spec.gate == 0
                ? nil : Table(features, rows: searchRows..<features.rows, target: spec.target).npy,
            validationRows: UInt32(validationRows), trainingRows: UInt32(trainingRows),
            gateRows: UInt32(gateRows), droppedRows: features.droppedRows,
            featureNames: features.names, times: features.times)
    }
}

extension Table {
    fileprivate init(_ features: Features, rows: Range<Int>, target: String) {
        let width = features.names.count
        var values: [Float] = []
        values.reserveCapacity(rows.count * (width + 1))
        for row in rows {
            values += features.values[row * width..<(row + 1) * width]
            values.append(features.targets[row])
        }
        self.init(names: features.names + [target], values: values)
    }
}
