import GRDB
package import Vocabulary

/// A data set as it was added.
package struct DataSetRow: Hashable, Sendable {
    /// Its name and content.
    package var data: DataSet
    /// When it was added, in milliseconds since 1970.
    package var added: Int64

    init(row: Row) throws {
        guard let digest = Digest(text: row["digest"] as String),
            let payload = Digest(text: row["payload"] as String)
        else { throw UnreadableRow(table: "data_sets", row: row["id"]) }
        data = DataSet(
            name: row["name"], digest: digest, payload: payload,
            byteCount: UInt64(clamping: row["byte_count"] as Int64), fileCount: row["file_count"],
            location: row["location"])
        added = row["added"]
    }
}

extension Catalogue {
    /// What each name of a data set means now, in the order of the names.
    package func dataSets() async throws(StorageError) -> [DataSetRow] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM data_sets
                    WHERE id IN (SELECT max(id) FROM data_sets GROUP BY name) ORDER BY name
                    """
            ).map(DataSetRow.init)
        }
    }

    /// Every content that a name was given, newest first, up to `pageLimit`.
    package func dataSets(named name: String) async throws(StorageError) -> [DataSetRow] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM data_sets WHERE name = ? ORDER BY id DESC LIMIT ?",
                arguments: [name, Self.pageLimit]
            ).map(DataSetRow.init)
        }
    }
}
