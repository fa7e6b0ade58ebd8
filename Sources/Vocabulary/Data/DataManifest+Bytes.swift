/// The bytes of a manifest, whose hash names the content.
///
/// Text up to an empty line, so that a person can read what is in a data set, then the hashes of
/// the chunks as they are:
///
///     picoml data 1
///     folder
///     payload 0f3c…
///     1180 labels.csv
///     73400320 images/first.bin
///
/// The second line is `file` for a data set that is one file.
extension DataManifest {
    private static let title = "picoml data 1"
    private static let newline = UInt8(ascii: "\n")

    /// The bytes; the same for the same content.
    package var bytes: [UInt8] {
        var text = "\(Self.title)\n\(isFolder ? "folder" : "file")\npayload \(payload)\n"
        for file in files { text += "\(file.byteCount) \(file.name)\n" }
        var bytes = Array((text + "\n").utf8)
        bytes.reserveCapacity(bytes.count + chunks.count * Digest.byteCount)
        for chunk in chunks { bytes += chunk.bytes }
        return bytes
    }

    /// Reads what `bytes` gives.
    ///
    /// - Throws: `Problem` for anything else.
    package init(bytes: [UInt8]) throws(Problem) {
        guard bytes.count <= Limits.manifestBytes else {
            throw Problem(description: "it has more than \(Limits.manifestBytes) bytes")
        }
        var place = 0
        func line() throws(Problem) -> String {
            guard let end = bytes[place...].firstIndex(of: Self.newline),
                let text = String(validating: bytes[place..<end], as: UTF8.self)
            else { throw Problem(description: "it is cut off, or not of this kind") }
            place = end + 1
            return text
        }
        guard try line() == Self.title else {
            throw Problem(description: "it does not begin with \"\(Self.title)\"")
        }
        let kind = try line()
        let hash = try line()
        guard kind == "folder" || kind == "file", hash.hasPrefix("payload "),
            let payload = Digest(text: hash.dropFirst("payload ".count))
        else { throw Problem(description: "its first lines are not of this kind") }
        var files: [File] = []
        while case let text = try line(), !text.isEmpty {
            let parts = text.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let size = UInt64(parts[0]), "\(size)" == parts[0],
                files.count < Limits.filesPerDataSet
            else { throw Problem(description: "a line for a file is not of this kind") }
            files.append(File(name: String(parts[1]), byteCount: size))
        }
        let rest = bytes[place...]
        guard rest.count.isMultiple(of: Digest.byteCount) else {
            throw Problem(description: "the hash of its last chunk is cut off")
        }
        let chunks = stride(from: rest.startIndex, to: rest.endIndex, by: Digest.byteCount)
            .compactMap { Digest(bytes: rest[$0..<$0 + Digest.byteCount]) }
        try self.init(isFolder: kind == "folder", files: files, payload: payload, chunks: chunks)
    }
}
