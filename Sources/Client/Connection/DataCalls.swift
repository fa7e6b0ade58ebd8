package import API
package import Vocabulary

extension CoordinatorClient {
    /// What each name of a data set means.
    package func dataSets() async throws(ClientError) -> DataSetPage { try await get(.dataSets) }

    /// What one name meant, newest first.
    package func dataSets(named name: String) async throws(ClientError) -> DataSetPage {
        guard DataSet.isName(name) else {
            throw ClientError(
                .badInput, "\"\(name)\" is not the name of a data set.",
                fix: "A name has \(DataSet.nameForm).")
        }
        return try await get(.dataSet(name))
    }

    /// Makes a data set known whose manifest and bytes are stored.
    package func addData(_ request: DataSetRequest) async throws(ClientError) -> DataSetDocument {
        try await post(.dataSets, request)
    }

    /// Stores bytes that belong at `offset` of the artifact `digest` of `total` bytes, and returns
    /// how many are there then; without bytes only asks.
    package func store(
        _ bytes: [UInt8], at offset: UInt64, of digest: Digest, total: UInt64
    ) async throws(ClientError) -> UInt64 {
        let end = offset + UInt64(bytes.count)
        let place = bytes.isEmpty ? "*" : "\(offset)-\(end - 1)"
        return try await append(bytes, "bytes \(place)/\(total)", to: .artifact(digest))
            ?? total
    }
}
