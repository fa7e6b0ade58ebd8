import Testing
import Vocabulary

/// What a data set consists of, and who has which part of it.
struct DataManifestTests {
    private let chunk = UInt64(DataManifest.chunkBytes)

    private func digest(_ number: Int) throws -> Digest {
        try #require(Digest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: number &+ $0) }))
    }

    private func manifest(_ sizes: [(String, UInt64)]) throws -> DataManifest {
        let total = sizes.reduce(0) { $0 + $1.1 }
        return try DataManifest(
            isFolder: true,
            files: sizes.map { DataManifest.File(name: $0.0, byteCount: $0.1) },
            payload: try digest(1),
            chunks: (0..<Int(DataManifest.chunkCount(of: total))).map { try digest($0) })
    }

    @Test func `a manifest reads back as it was written`() throws {
        let manifest = try manifest([("a b.csv", 3), ("empty", 0), ("x/ü.bin", 2 * chunk)])
        #expect(try DataManifest(bytes: manifest.bytes) == manifest)
        let text = String(decoding: manifest.bytes.prefix(136), as: UTF8.self)
        #expect(text.hasPrefix("picoml data 1\nfolder\npayload 0102"))
        #expect(text.contains("\n3 a b.csv\n0 empty\n524288 x/ü.bin\n\n"))
    }

    @Test func `the pieces of all chunks are all bytes of all files, once and in order`() throws {
        let sizes: [(String, UInt64)] = [
            ("a", 0), ("b", 10), ("c", 0), ("d", chunk - 10), ("e", 3 * chunk + 1), ("f", 7),
            ("g", 0),
        ]
        let manifest = try manifest(sizes)
        #expect(manifest.chunks.count == 5)
        var next = sizes.map { _ in UInt64(0) }
        for number in manifest.chunks.indices {
            let pieces = manifest.pieces(of: number)
            let range = manifest.range(of: number)
            #expect(pieces.reduce(0) { $0 + $1.count } == range.count)
            for piece in pieces {
                #expect(piece.count > 0)
                #expect(piece.offset == next[piece.file])
                next[piece.file] += UInt64(piece.count)
            }
        }
        #expect(next == sizes.map(\.1))
    }

    @Test(arguments: [
        "../up", "/root", "a//b", "a/./b", "", "new\nline", "a/",
        String(repeating: "x", count: 256), String(repeating: "x/", count: 520) + "x",
    ])
    func `a name that could leave its folder is refused`(name: String) {
        #expect(throws: DataManifest.Problem.self) { try manifest([(name, 5)]) }
    }

    @Test func `names that cannot stand beside each other are refused`() {
        for names in [["a", "a"], ["b", "a"], ["a", "a-b", "a/b"]] {
            #expect(throws: DataManifest.Problem.self) { try manifest(names.map { ($0, 5) }) }
        }
    }

    @Test func `more bytes or chunks than there can be are refused`() throws {
        #expect(throws: DataManifest.Problem.self) {
            try DataManifest(
                isFolder: true,
                files: [.init(name: "a", byteCount: .max), .init(name: "b", byteCount: 2)],
                payload: try digest(1), chunks: [])
        }
        #expect(throws: DataManifest.Problem.self) {
            try DataManifest(
                isFolder: false, files: [.init(name: "a", byteCount: 5)], payload: try digest(1),
                chunks: [try digest(1), try digest(2)])
        }
    }

    @Test func `bytes that were cut or changed are refused, wherever that was`() throws {
        let bytes = try manifest([("a", 3), ("b", chunk)]).bytes
        for count in bytes.indices {
            #expect(throws: DataManifest.Problem.self) {
                try DataManifest(bytes: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DataManifest.Problem.self) { try DataManifest(bytes: bytes + [0]) }
        let zeros = Array("picoml data 1\nfile\npayload \(try digest(1))\n03 a\n\n".utf8)
        #expect(throws: DataManifest.Problem.self) {
            try DataManifest(bytes: zeros + digest(2).bytes)
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 1000])
    func `a set of chunks reads back as it was written`(count: Int) {
        var set = ChunkSet(count: count)
        for number in stride(from: 0, to: count, by: 3) { set.insert(number) }
        #expect(set.held == (count + 2) / 3)
        #expect(set.bytes.count == (count + 7) / 8)
        #expect(ChunkSet(bytes: set.bytes, count: count) == set)
        #expect(ChunkSet(bytes: set.bytes + [0], count: count) == nil)
        #expect(ChunkSet(count: count, isFull: true).isComplete)
        let beyond = [count, -1].map { set.insert($0) }
        #expect(beyond == [false, false])
        if !count.isMultiple(of: 8) {
            #expect(
                ChunkSet(bytes: set.bytes.dropLast() + [0xFF], count: count) == nil,
                "a chunk beyond the last was taken")
        }
    }

    @Test func `a reference is a name, and what its content's digest begins with`() throws {
        let data = DataSet(
            name: "digits", digest: try digest(0), payload: try digest(2), byteCount: 5,
            fileCount: 1)
        #expect(try #require(DataReference(text: "digits")).matches(data))
        #expect(try #require(DataReference(text: "digits@00010203")).matches(data))
        #expect(try !#require(DataReference(text: "digits@00010204")).matches(data))
        #expect(try !#require(DataReference(text: "letters")).matches(data))
        for text in ["", "@00010203", "a@0001", "a@0001020G", "a@", ".a", "a b", "a@00010203@1"] {
            #expect(DataReference(text: text) == nil, "\(text) was taken")
        }
        #expect(DataReference(text: "a@00010203")?.description == "a@00010203")
    }
}
