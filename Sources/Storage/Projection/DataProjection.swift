import GRDB
import Vocabulary

extension Projection {
    func add(_ data: DataSet) throws {
        try run(
            """
            INSERT INTO data_sets (name, digest, payload, byte_count, file_count, location, added)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            data.name, data.digest.description, data.payload.description,
            Int64(clamping: data.byteCount), Int64(data.fileCount), data.location, time)
        try audit("add data", data.name, reason: data.digest.description)
    }
}
