/// A table and the features made of it, as a sweep file's `data:` describes them.
package struct DataSpec: Hashable, Sendable, Codable {
    /// The CSV file, relative to the sweep file.
    package var path: String
    /// The column that is predicted.
    package var target: String
    /// The column that orders the rows: `YYYY-MM-DD HH:MM:SS`; nil keeps the file's order.
    package var time: String?
    /// Numeric columns used as they are; empty cells become missing values.
    package var columns: [String]
    /// Earlier values of the target, in rows before the current one, each from 1.
    package var lags: [UInt32]
    /// Means of the target over this many rows before the current one, each from 2.
    package var means: [UInt32]
    /// Features of the time column.
    package var calendar: [CalendarFeature]
    /// The share of the rows, just before the gate's, on which trials are compared: 0 ..< 1.
    package var validation: Double
    /// The share of the rows, the last ones, that only the gate sees: 0 ..< 1.
    package var gate: Double

    /// Describes a table; see the properties.
    package init(
        path: String, target: String, time: String? = nil, columns: [String] = [],
        lags: [UInt32] = [], means: [UInt32] = [], calendar: [CalendarFeature] = [],
        validation: Double = 0.2, gate: Double = 0.1
    ) {
        self.path = path
        self.target = target
        self.time = time
        self.columns = columns
        self.lags = lags
        self.means = means
        self.calendar = calendar
        self.validation = validation
        self.gate = gate
    }
}

/// A feature made of a time.
package enum CalendarFeature: String, Hashable, Sendable, Codable, CaseIterable {
    /// 0 ... 23.
    case hour
    /// 0 for Monday ... 6 for Sunday (ISO 8601).
    case weekday
    /// 1 ... 12.
    case month
    /// 1 ... 366.
    case dayOfYear = "day_of_year"
    /// Four digits.
    case year
}

/// A table after its features were made and its rows were split, as trials get it.
package struct PreparedData: Hashable, Sendable, Codable {
    /// What it was made from.
    package var spec: DataSpec
    /// Hash of the original file.
    package var source: Digest
    /// The rows that the search sees: training, then validation.
    package var search: Digest
    /// Length of the search rows in bytes.
    package var searchBytes: UInt64
    /// The rows that only the gate sees; nil when there are none.
    package var gate: Digest?
    /// Length of the gate rows in bytes.
    package var gateBytes: UInt64
    /// How many of the search rows, the last ones, are for validation.
    package var validationRows: UInt32

    /// Describes prepared data; see the properties.
    package init(
        spec: DataSpec, source: Digest, search: Digest, searchBytes: UInt64, gate: Digest?,
        gateBytes: UInt64, validationRows: UInt32
    ) {
        self.spec = spec
        self.source = source
        self.search = search
        self.searchBytes = searchBytes
        self.gate = gate
        self.gateBytes = gateBytes
        self.validationRows = validationRows
    }
}
