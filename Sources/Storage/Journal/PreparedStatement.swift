import GRDB
import GRDBSQLite

/// A statement that is run many times with other values.
///
/// It binds through SQLite's own functions: an array of boxed values for each row, as GRDB takes
/// them, would cost more than the insertion.
@safe struct PreparedStatement {
    private let statement: Statement

    /// Prepares `sql`, or finds it prepared.
    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
    }

    /// Runs the statement with `values` for its parameters, in order.
    func run<each Value: Bindable>(_ values: repeat each Value) throws {
        _ = try first(columns: 0, repeat each values)
    }

    /// Runs the statement with `values` and returns whole numbers, the first `columns` columns of
    /// the first row; nil when there is no row.
    func first<each Value: Bindable>(
        columns: Int, _ values: repeat each Value
    ) throws -> [Int64]? {
        let handle = unsafe statement.sqliteStatement
        var position: Int32 = 0
        var code: Int32
        defer { unsafe sqlite3_reset(handle) }
        for value in repeat each values {
            position += 1
            code = unsafe value.bind(to: handle, at: position)
            guard code == SQLITE_OK else { throw unsafe failure(handle) }
        }
        code = unsafe sqlite3_step(handle)
        guard code == SQLITE_ROW else {
            guard code == SQLITE_DONE else { throw unsafe failure(handle) }
            return nil
        }
        let row = (0..<columns).map { unsafe sqlite3_column_int64(handle, Int32($0)) }
        // A statement that changes rows and returns some has changed all only when it is done.
        repeat { code = unsafe sqlite3_step(handle) } while code == SQLITE_ROW
        guard code == SQLITE_DONE else { throw unsafe failure(handle) }
        return row
    }

    private func failure(_ handle: OpaquePointer) -> DatabaseError {
        let connection = unsafe sqlite3_db_handle(handle)
        let code = unsafe sqlite3_extended_errcode(connection)
        let message = unsafe String(cString: sqlite3_errmsg(connection))
        return DatabaseError(
            resultCode: ResultCode(rawValue: code), message: message, sql: statement.sql)
    }
}

/// A value that a statement takes for a parameter.
protocol Bindable {
    /// Sets parameter `position`, from 1, and returns SQLite's result code.
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32
}

extension Int64: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        unsafe sqlite3_bind_int64(statement, position, self)
    }
}

extension Double: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        unsafe sqlite3_bind_double(statement, position, self)
    }
}

extension Bool: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        unsafe sqlite3_bind_int64(statement, position, self ? 1 : 0)
    }
}

extension String: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            // An empty buffer may have no address, which SQLite would take for null.
            guard let start = bytes.baseAddress else {
                return unsafe sqlite3_bind_text(statement, position, "", 0, copied)
            }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                unsafe sqlite3_bind_text(statement, position, $0, Int32(bytes.count), copied)
            }
        }
    }
}

extension [UInt8]: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        unsafe withUnsafeBytes { bytes in
            unsafe sqlite3_bind_blob64(
                statement, position, bytes.baseAddress, UInt64(bytes.count), copied)
        }
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    @unsafe func bind(to statement: OpaquePointer, at position: Int32) -> Int32 {
        guard let self else { return unsafe sqlite3_bind_null(statement, position) }
        return unsafe self.bind(to: statement, at: position)
    }
}

/// Tells SQLite to copy what is bound: SQLITE_TRANSIENT, a macro that Swift cannot import.
private var copied: sqlite3_destructor_type? {
    unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
}
