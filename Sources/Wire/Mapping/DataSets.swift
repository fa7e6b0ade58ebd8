import SwiftProtobuf
import Vocabulary

extension SchemaDataSet {
    init(_ data: DataSet) {
        name = data.name
        digest = data.digest.data
        payload = data.payload.data
        byteCount = data.byteCount
        fileCount = data.fileCount
        if let path = data.location { location = path }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> DataSet {
        DataSet(
            name: try scrutiny.name(name, "data_set.name"),
            digest: try Structure.digest(digest, "data_set.digest"),
            payload: try Structure.digest(payload, "data_set.payload"),
            byteCount: try scrutiny.number(
                byteCount, in: 0...Limits.artifactBytes, "data_set.byte_count"),
            fileCount: try Structure.positive(fileCount, "data_set.file_count"),
            location: hasLocation ? try scrutiny.text(location, "data_set.location") : nil)
    }
}
