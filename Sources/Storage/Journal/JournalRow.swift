import FoundationEssentials
import GRDB
import Scheduling
import Vocabulary
import Wire

/// One batch of records as it lies in the table `journal`.
struct JournalRow {
    private let time: Int64
    private let scope: RecordScope
    private let records: [UInt8]

    /// The row for `records`, decided at `time` in milliseconds since 1970.
    init(_ records: [Record], time: Int64) {
        self.time = time
        scope = RecordScope(records)
        self.records = RecordCodec.encode(records)
    }

    /// Appends the row to the table.
    func insert(into database: Database) throws {
        let statement = try PreparedStatement(
            database,
            """
            INSERT INTO journal (time, first_sweep, last_sweep, is_shared, records)
            VALUES (?, ?, ?, ?, ?)
            """)
        try statement.run(
            time, scope.sweeps.map { Int64($0.lowerBound) },
            scope.sweeps.map { Int64($0.upperBound) }, scope.isShared, records)
    }

    /// Selects what a restart needs: all but the rows that concern only ended sweeps.
    static let select = """
        SELECT journal.id, records FROM journal
        WHERE is_shared OR EXISTS (
            SELECT 1 FROM sweeps
            WHERE sweeps.ended IS NULL AND sweeps.id BETWEEN first_sweep AND last_sweep
        )
        ORDER BY journal.id
        """

    /// The records of a row of `select`.
    static func records(_ row: Row, path: String) throws(StorageError) -> [Record] {
        let id: Int64 = row["id"]
        let bytes = Array(row["records"] as Data)
        do throws(WireError) {
            return try RecordCodec.decode(bytes.span)
        } catch {
            throw .corruptRow(path: path, row: id, reason: "\(error)")
        }
    }
}
