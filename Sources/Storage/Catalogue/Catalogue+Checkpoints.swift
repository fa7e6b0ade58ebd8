import GRDB
package import Vocabulary

extension Catalogue {
    static func checkpoints(of trial: TrialID, in database: Database) throws -> [Checkpoint] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT * FROM checkpoints WHERE trial = ? ORDER BY step",
            arguments: [trial.row])
        return try rows.map { row in
            guard let digest = Digest(text: row["digest"] as String) else {
                throw UnreadableRow(table: "checkpoints", row: trial.row)
            }
            return Checkpoint(
                step: row["step"], digest: digest, byteCount: row["bytes"],
                objective: row["objective"])
        }
    }

    /// The files of checkpoints that were given up in `times`, in milliseconds since 1970, and
    /// that nothing else refers to.
    ///
    /// Waits for the database, unlike the other questions: it is for a thread of its own.
    package func unreferencedCheckpoints(
        releasedIn times: Range<Int64>
    ) throws(StorageError) -> [Digest] {
        do {
            return try pool.read { database in
                // A worker names what it likes as a checkpoint: what sweeps need stays.
                let digests = try String.fetchAll(
                    database,
                    sql: """
                        SELECT digest FROM released WHERE time >= ? AND time < ?
                        EXCEPT SELECT digest FROM checkpoints
                        EXCEPT SELECT digest FROM artifacts
                        EXCEPT SELECT json_extract(spec, '$.code.digest') FROM sweeps
                        EXCEPT SELECT json_extract(spec, '$.code.difference') FROM sweeps
                        EXCEPT SELECT json_extract(spec, '$.data.search') FROM sweeps
                        EXCEPT SELECT json_extract(spec, '$.data.gate') FROM sweeps
                        """,
                    arguments: [times.lowerBound, times.upperBound])
                return digests.compactMap { Digest(text: $0) }
            }
        } catch {
            throw StorageError(error, path: path)
        }
    }
}
