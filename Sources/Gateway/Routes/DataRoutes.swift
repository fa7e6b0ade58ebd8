import API
import HTTPTypes
import Hummingbird
import Scheduling
import Storage
import Vocabulary

extension Routes {
    /// GET data.
    func dataSets() async throws(Problem) -> Response {
        let rows = try await read { try await catalogue.dataSets() }
        return try .json(DataSetPage(rows))
    }

    /// GET data/NAME: what the name meant, newest first.
    func dataSets(named name: String) async throws(Problem) -> Response {
        let rows = try await read { try await catalogue.dataSets(named: name) }
        guard !rows.isEmpty else { throw Self.unknownData(name) }
        return try .json(DataSetPage(rows))
    }

    /// POST data: makes a data set known whose manifest and bytes are stored.
    func addData(_ request: Request) async throws(Problem) -> Response {
        let wanted = try await request.json(DataSetRequest.self, limit: bodyBytes)
        guard DataSet.isName(wanted.name) else {
            throw Problem(.invalid, "The name of a data set has \(DataSet.nameForm).")
        }
        if let location = wanted.location {
            guard location.hasPrefix("/"), location.utf8.count <= Limits.messageBytes,
                !location.utf8.contains(where: { $0 < 32 || $0 == 127 })
            else {
                throw Problem(
                    .invalid, "The location of data that is used in place is no absolute path.")
            }
        }
        let manifest = try await manifest(wanted.digest)
        if wanted.location == nil {
            try await expectStored(
                manifest.payload, byteCount: manifest.byteCount, "data of the manifest")
        }
        let data = DataSet(
            name: wanted.name, digest: wanted.digest, manifest, location: wanted.location)
        try await perform(.addData(data)) { $0 == .done ? () : nil }
        return try .json(DataSetDocument(data, added: .now), status: .created)
    }

    private func manifest(_ digest: Digest) async throws(Problem) -> DataManifest {
        let artifacts = self.artifacts
        let bytes = try await onDisk { () throws(StorageError) -> [UInt8]? in
            guard let size = try artifacts.byteCount(of: digest) else {
                throw .unknownArtifact(digest)
            }
            guard size <= Limits.manifestBytes else { return nil }
            return try artifacts.read(digest, offset: 0, count: Limits.manifestBytes)
        }
        guard let bytes else {
            throw Problem(
                .tooLarge, "A manifest has at most \(Limits.manifestBytes) bytes.")
        }
        do {
            return try DataManifest(bytes: bytes)
        } catch {
            throw Problem(
                .invalid, "The artifact \(digest) is no manifest of a data set: \(error).",
                fix: "Use \"picoml data add\".")
        }
    }

    /// The data set that a sweep file means, as it is now.
    func dataSet(_ reference: DataReference) async throws(Problem) -> DataSet {
        let rows = try await read { try await catalogue.dataSets(named: reference.name) }
        guard !rows.isEmpty else { throw Self.unknownData(reference.name) }
        var found: [DataSet] = []
        for row in rows where reference.matches(row.data) && !found.contains(row.data) {
            found.append(row.data)
        }
        // Without a digest, the newest is meant.
        guard let data = found.first else {
            throw Problem(
                .invalid,
                "The data set \(reference.name) never had the content @\(reference.prefix).",
                fix: "\"picoml data show \(reference.name)\" lists what it had.")
        }
        guard reference.prefix.isEmpty || !found.contains(where: { $0.digest != data.digest })
        else {
            throw Problem(
                .invalid, "Several contents of \(reference.name) begin with @\(reference.prefix).",
                fix: "Give more digits.")
        }
        return data
    }

    private static func unknownData(_ name: String) -> Problem {
        Problem(
            .notFound, "There is no data set \(name).",
            fix: "Add it with \"picoml data add \(name) PATH\".")
    }
}

extension DataSetPage {
    fileprivate init(_ rows: [DataSetRow]) {
        self.init(
            dataSets: rows.map {
                DataSetDocument($0.data, added: Timestamp(milliseconds: $0.added))
            })
    }
}
