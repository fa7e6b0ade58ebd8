package import Vocabulary

/// A data set as it was added.
package struct DataSetDocument: Hashable, Sendable, Codable {
    /// The name that sweep files use.
    package var name: String
    /// The hash of its manifest, which names the content and is an artifact.
    package var digest: Digest
    /// The hash of its bytes, an artifact unless it is used in place.
    package var payload: Digest
    /// Bytes of all its files.
    package var byteCount: UInt64
    /// Files in it.
    package var fileCount: Int
    /// The path on storage that all hosts share; nil for one that the coordinator keeps.
    package var location: String?
    /// When it was added.
    package var added: Timestamp

    /// Describes `data`, which was added at `added`.
    package init(_ data: DataSet, added: Timestamp) {
        name = data.name
        digest = data.digest
        payload = data.payload
        byteCount = data.byteCount
        fileCount = Int(data.fileCount)
        location = data.location
        self.added = added
    }
}

/// Data sets.
package struct DataSetPage: Hashable, Sendable, Codable {
    /// What each name means, by name; or what one name meant, newest first.
    package var dataSets: [DataSetDocument]

    /// Lists `dataSets`.
    package init(dataSets: [DataSetDocument]) { self.dataSets = dataSets }
}

/// A data set to make known, whose manifest and bytes are stored as artifacts already.
package struct DataSetRequest: Hashable, Sendable, Codable {
    /// The name that sweep files will use.
    package var name: String
    /// The hash of its manifest.
    package var digest: Digest
    /// The path on storage that all hosts share, where it is used in place of stored bytes.
    package var location: String?

    /// Asks for a data set; see the properties.
    package init(name: String, digest: Digest, location: String? = nil) {
        self.name = name
        self.digest = digest
        self.location = location
    }
}
