import Bundles
import Foundation
import Hashing
import Testing
import Vocabulary

/// Data sets on the disk: reading what is there, and writing it elsewhere chunk by chunk.
struct DataFilesTests {
    private func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func folder() throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "picoml-data-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Copies a data set chunk by chunk, from the last chunk to the first.
    private func copy(_ manifest: DataManifest, from source: String, to target: String) throws {
        var here = DataFiles(manifest, in: source)
        var there = DataFiles(manifest, in: target, isWritable: true)
        try there.create()
        for chunk in manifest.chunks.indices.reversed() {
            let bytes = try #require(try here.read(chunk))
            #expect(Digest.of(bytes) == manifest.chunks[chunk])
            try there.write(bytes, to: chunk)
        }
        try there.finish()
    }

    @Test func `a folder is the same after its chunks were copied in another order`() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let large = String(repeating: "0123456789abcdef", count: 50_000)
        try write(large, to: root + "/from/deep/er/large.bin")
        try write("small", to: root + "/from/a.txt")
        try write("", to: root + "/from/empty")
        try write(large + "!", to: root + "/from/z.bin")
        var told: [UInt64] = []
        let survey = try DataSurvey(root + "/from")
        let manifest = try survey.manifest { told.append($0) }
        #expect(manifest.files.map(\.name) == ["a.txt", "deep/er/large.bin", "empty", "z.bin"])
        #expect(told.last == survey.byteCount)
        #expect(told.count == manifest.chunks.count)
        try FileManager.default.createDirectory(
            atPath: root + "/to", withIntermediateDirectories: false)
        try copy(manifest, from: root + "/from", to: root + "/to")
        #expect(try DataSurvey(root + "/to").manifest() == manifest)
        let mode = try FileManager.default.attributesOfItem(atPath: root + "/to/z.bin")
        #expect(mode[.posixPermissions] as? Int == 0o444)
    }

    @Test func `a single file is a data set of its own name`() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("a,b\n1,2\n", to: root + "/rows.csv")
        let manifest = try DataSurvey(root + "/rows.csv").manifest()
        #expect(!manifest.isFolder)
        #expect(manifest.files == [.init(name: "rows.csv", byteCount: 8)])
        #expect(manifest.payload == Digest.of("a,b\n1,2\n"))
        #expect(manifest.chunks == [Digest.of("a,b\n1,2\n")])
        #expect(DataFiles.folder(of: root + "/rows.csv", manifest) == root)
    }

    @Test func `what no data set can hold is refused by name`() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("x", to: root + "/set/file")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/set/link", withDestinationPath: "/etc/passwd")
        #expect {
            try DataSurvey(root + "/set")
        } throws: { "\($0)".contains("link cannot be in a data set: it is a link") }
        #expect(throws: BundleError.self) { try DataSurvey(root + "/nowhere") }
        try write("", to: root + "/empty")
        #expect(throws: BundleError.emptyData(root + "/empty")) {
            try DataSurvey(root + "/empty")
        }
        #expect(throws: BundleError.self) { try DataSurvey("/dev/null") }
    }

    @Test func `files that are missing or shorter than they were give no bytes`() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("twelve bytes", to: root + "/a")
        try write("more", to: root + "/b")
        let manifest = try DataSurvey(root).manifest()
        try write("eleven byte", to: root + "/a")
        var shorter = DataFiles(manifest, in: root)
        #expect(try shorter.read(0) == nil)
        try FileManager.default.removeItem(atPath: root + "/a")
        var missing = DataFiles(manifest, in: root)
        #expect(try missing.read(0) == nil)
    }

    @Test func `a file that changes between the look and the reading is noticed`() throws {
        let root = try folder()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try write("twelve bytes", to: root + "/a")
        let survey = try DataSurvey(root)
        try write("twelve bytes and more", to: root + "/a")
        #expect(throws: BundleError.changed(path: "a")) { try survey.manifest() }
    }
}
