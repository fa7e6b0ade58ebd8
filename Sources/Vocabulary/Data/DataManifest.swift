/// What a data set consists of: its files, and the hash of each chunk of their bytes.
///
/// The bytes of all files, in the order of their names and without gaps, are one long payload,
/// which is cut into chunks of `chunkBytes`; only the last one may be shorter. A chunk can so be
/// checked by itself, wherever it came from, and small files share one.
package struct DataManifest: Hashable, Sendable {
    /// A file of a data set.
    package struct File: Hashable, Sendable {
        /// Its path within the data set; for one that is a single file, its own name.
        package var name: String
        /// Its length in bytes.
        package var byteCount: UInt64

        /// Describes a file.
        package init(name: String, byteCount: UInt64) {
            self.name = name
            self.byteCount = byteCount
        }
    }

    /// A part of a file that lies in a chunk.
    package struct Piece: Hashable, Sendable {
        /// The position of the file in `files`.
        package var file: Int
        /// Where the part begins in the file.
        package var offset: UInt64
        /// Its length in bytes, from 1.
        package var count: Int
    }

    /// Why bytes are no manifest.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        /// What is wrong with them, in a sentence without a full stop.
        package let description: String

        /// A problem in the words of `description`.
        package init(description: String) { self.description = description }
    }

    /// Bytes of every chunk but the last.
    package static let chunkBytes = Limits.artifactChunkBytes

    /// Whether it is a folder; else it is one file.
    package let isFolder: Bool
    /// The files, in ascending order of the UTF-8 of their names.
    package let files: [File]
    /// The hash of the payload.
    package let payload: Digest
    /// The hash of each chunk.
    package let chunks: [Digest]
    /// Bytes of all files.
    package let byteCount: UInt64
    // Where each file begins in the payload.
    private let starts: [UInt64]

    /// A data set of `files` whose chunks have the hashes `chunks`.
    ///
    /// - Throws: `Problem` when there could be no such data set.
    package init(
        isFolder: Bool, files: [File], payload: Digest, chunks: [Digest]
    ) throws(Problem) {
        guard isFolder || files.count == 1, !files.isEmpty, files.count <= Limits.filesPerDataSet
        else {
            throw Problem(
                description: "it has \(files.count) files, not 1 to \(Limits.filesPerDataSet)")
        }
        var starts: [UInt64] = []
        var end: UInt64 = 0
        for file in files {
            starts.append(end)
            let (sum, overflow) = end.addingReportingOverflow(file.byteCount)
            guard !overflow, sum <= Limits.artifactBytes else {
                throw Problem(description: "it has more than \(Limits.artifactBytes) bytes")
            }
            end = sum
        }
        try Self.check(files.map(\.name))
        guard UInt64(chunks.count) == Self.chunkCount(of: end) else {
            throw Problem(
                description: "it has \(chunks.count) chunks for \(end) bytes of files")
        }
        self.isFolder = isFolder
        self.files = files
        self.payload = payload
        self.chunks = chunks
        self.starts = starts
        byteCount = end
    }

    /// How many chunks a payload of `byteCount` bytes has.
    package static func chunkCount(of byteCount: UInt64) -> UInt64 {
        let size = UInt64(chunkBytes)
        return byteCount / size + (byteCount % size == 0 ? 0 : 1)
    }

    /// Where chunk `number`, which the manifest has, lies in the payload.
    package func range(of number: Int) -> Range<UInt64> {
        let start = UInt64(number) * UInt64(Self.chunkBytes)
        return start..<min(start + UInt64(Self.chunkBytes), byteCount)
    }

    /// The parts of files that chunk `number`, which the manifest has, consists of, in order.
    package func pieces(of number: Int) -> [Piece] {
        let range = range(of: number)
        var pieces: [Piece] = []
        var position = range.lowerBound
        var file = lastFile(from: position)
        while position < range.upperBound, file < files.count {
            let offset = position - starts[file]
            let count = min(files[file].byteCount - offset, range.upperBound - position)
            if count > 0 { pieces.append(Piece(file: file, offset: offset, count: Int(count))) }
            position += count
            file += 1
        }
        return pieces
    }

    /// The last file that begins at or before `position`: the one that holds it, because those
    /// that hold nothing begin where the next one does.
    private func lastFile(from position: UInt64) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle } else { high = middle }
        }
        return low
    }
}

/// Names that stay in the folder of their data set.
extension DataManifest {
    private static let longestName = 1024
    private static let longestPart = 255

    /// Refuses names that could not stand beside each other in a folder.
    private static func check(_ names: [String]) throws(Problem) {
        var folders: Set<Substring> = []
        var before: String?
        for name in names {
            if let reason = problem(of: name) {
                throw Problem(description: "\"\(name)\" \(reason)")
            }
            if let before, !before.utf8.lexicographicallyPrecedes(name.utf8) {
                throw Problem(description: "\"\(name)\" is not in order")
            }
            before = name
            for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: "/") {
                folders.insert(name[..<index])
            }
        }
        if let both = names.first(where: { folders.contains($0[...]) }) {
            throw Problem(description: "\"\(both)\" is a file and a folder")
        }
    }

    /// What keeps `name` from being the path of a file within a data set; nil for nothing.
    package static func problem(of name: String) -> String? {
        if name.utf8.count > longestName { return "is longer than \(longestName) bytes" }
        if name.utf8.contains(where: { $0 < 32 || $0 == 127 }) { return "has control characters" }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty || part == "." || part == ".." { return "has an empty part or a dot" }
            if part.utf8.count > longestPart { return "has a part of more than 255 bytes" }
        }
        return nil
    }
}
