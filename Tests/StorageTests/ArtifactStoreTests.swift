import Foundation
import Hashing
import Storage
import Testing
import Vocabulary

struct ArtifactStoreTests {
    private func content(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
    }

    private func store(_ folder: StateFolder) throws -> ArtifactStore {
        try ArtifactStore(folder, keepFree: 0)
    }

    private func files(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            let facts = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
            return facts[.type] as? FileAttributeType == .typeRegular
        }.sorted()
    }

    @Test(arguments: [0, 1, 256 * 1024, 600_000])
    func `what was stored can be read in any part`(count: Int) throws {
        let folder = try TemporaryFolder().state()
        let store = try store(folder)
        let content = content(count)
        let digest = try store.store(content)
        #expect(digest == Digest.of(content))
        #expect(try store.contains(digest))
        #expect(try store.byteCount(of: digest) == UInt64(count))
        #expect(try store.read(digest, offset: 0, count: count + 5) == content)
        #expect(
            try store.read(digest, offset: 3, count: 7) == Array(content.dropFirst(3).prefix(7)))
        #expect(try store.read(digest, offset: .max, count: 7) == [])
        #expect(try store.read(digest, offset: 0, count: -1) == [])
        #expect(try bytes(of: store.path(of: digest)) == content)
        let text = digest.description
        let place = "\(text.prefix(2))/\(text.dropFirst(2).prefix(2))/\(text)"
        #expect(try files(below: folder.artifactsPath) == [place])
        #expect(try mode(of: store.path(of: digest)) == 0o600)
        #expect(try store.begin(digest, byteCount: UInt64(count)) == .stored)
    }

    @Test func `an upload resumes at every chunk after a restart`() throws {
        let folder = try TemporaryFolder()
        let content = content(10_000)
        let digest = Digest.of(content)
        for stop in 0...10 {
            let state = try folder.state("stop \(stop)")
            var store = try store(state)
            #expect(try store.begin(digest, byteCount: 10_000) == .send(offset: 0))
            for chunk in 0..<stop {
                let bytes = Array(content[chunk * 1000..<(chunk + 1) * 1000])
                let progress = try store.write(digest, offset: UInt64(chunk * 1000), bytes: bytes)
                #expect(
                    progress == (chunk == 9 ? .stored : .send(offset: UInt64(chunk * 1000 + 1000))))
                #expect(try store.contains(digest) == (chunk == 9))
            }
            store = try self.store(state)
            let progress = try store.begin(digest, byteCount: 10_000)
            guard stop < 10 else {
                #expect(progress == .stored)
                continue
            }
            #expect(progress == .send(offset: UInt64(stop * 1000)))
            let rest = Array(content[(stop * 1000)...])
            #expect(
                try store.write(digest, offset: UInt64(stop * 1000), bytes: rest) == .stored)
            #expect(try store.read(digest, offset: 0, count: 10_000) == content)
        }
    }

    @Test func `a part that was all there before a crash is checked and stored`() throws {
        let folder = try TemporaryFolder().state()
        let content = content(5000)
        let digest = Digest.of(content)
        let store = try store(folder)
        let part = folder.artifactsPath + "/incoming/" + digest.description
        try Data(content).write(to: URL(fileURLWithPath: part))
        #expect(try store.begin(digest, byteCount: 5000) == .stored)
        #expect(try store.read(digest, offset: 0, count: 5000) == content)
    }

    @Test func `bytes with another hash are removed and the upload starts again`() throws {
        let folder = try TemporaryFolder().state()
        let store = try store(folder)
        let content = content(2000)
        let digest = Digest.of(content)
        var wrong = content
        wrong[1999] ^= 1
        #expect(try store.begin(digest, byteCount: 2000) == .send(offset: 0))
        #expect(throws: StorageError.wrongHash(expected: digest, actual: Digest.of(wrong))) {
            try store.write(digest, offset: 0, bytes: wrong)
        }
        #expect(try !store.contains(digest))
        #expect(try files(below: folder.artifactsPath).isEmpty)
        #expect(throws: StorageError.noUpload(digest)) {
            try store.write(digest, offset: 0, bytes: content)
        }
        #expect(try store.begin(digest, byteCount: 2000) == .send(offset: 0))
        #expect(try store.write(digest, offset: 0, bytes: content) == .stored)
    }

    @Test func `a part that rotted on the disk is found out`() throws {
        let folder = try TemporaryFolder().state()
        let content = content(4000)
        let digest = Digest.of(content)
        let part = folder.artifactsPath + "/incoming/" + digest.description
        _ = try store(folder)
        try Data([UInt8](repeating: 0, count: 2000)).write(to: URL(fileURLWithPath: part))
        let store = try store(folder)
        #expect(try store.begin(digest, byteCount: 4000) == .send(offset: 2000))
        #expect(throws: StorageError.self) {
            try store.write(digest, offset: 2000, bytes: Array(content[2000...]))
        }
        #expect(try store.store(content) == digest)
    }

    @Test func `chunks are taken in order, once, and not beyond the end`() throws {
        let store = try store(TemporaryFolder().state())
        let content = content(3000)
        let digest = Digest.of(content)
        let first = Array(content[..<1000])
        #expect(throws: StorageError.noUpload(digest)) {
            try store.write(digest, offset: 0, bytes: first)
        }
        #expect(try store.begin(digest, byteCount: 3000) == .send(offset: 0))
        #expect(try store.write(digest, offset: 1000, bytes: first) == .send(offset: 0))
        #expect(try store.write(digest, offset: 0, bytes: first) == .send(offset: 1000))
        #expect(try store.write(digest, offset: 0, bytes: first) == .send(offset: 1000))
        // Overlaps what is there: only what is new is taken.
        let overlap = Array(content[500..<2000])
        #expect(try store.write(digest, offset: 500, bytes: overlap) == .send(offset: 2000))
        #expect(throws: StorageError.wrongLength(digest, expected: 3000, actual: 3001)) {
            try store.write(digest, offset: 2000, bytes: [UInt8](repeating: 0, count: 1001))
        }
        #expect(throws: StorageError.wrongLength(digest, expected: 3000, actual: .max)) {
            try store.write(digest, offset: .max, bytes: [0])
        }
        #expect(
            try store.write(digest, offset: 2000, bytes: Array(content[2000...])) == .stored)
        #expect(try store.write(digest, offset: 0, bytes: first) == .stored)
    }

    @Test func `another length for the same hash starts the upload again`() throws {
        let store = try store(TemporaryFolder().state())
        let content = content(3000)
        let digest = Digest.of(content)
        #expect(try store.begin(digest, byteCount: 9000) == .send(offset: 0))
        #expect(
            try store.write(digest, offset: 0, bytes: [UInt8](repeating: 1, count: 5000))
                == .send(offset: 5000))
        #expect(try store.begin(digest, byteCount: 3000) == .send(offset: 0))
        #expect(try store.write(digest, offset: 0, bytes: content) == .stored)
    }

    @Test func `many uploaders of one artifact end with one whole file`() async throws {
        let folder = try TemporaryFolder().state()
        let store = try store(folder)
        let content = content(300_000)
        let digest = Digest.of(content)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var progress = try store.begin(digest, byteCount: 300_000)
                    while case .send(let offset) = progress {
                        let chunk = Array(content[Int(offset)...].prefix(10_000))
                        progress = try store.write(digest, offset: offset, bytes: chunk)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.read(digest, offset: 0, count: 300_000) == content)
        #expect(try files(below: folder.artifactsPath).count == 1)
    }

    @Test func `more uploads than may be open still end well`() throws {
        let store = try store(TemporaryFolder().state())
        let contents = (0..<ArtifactStore.openUploads + 20).map { Array("content \($0)".utf8) }
        for content in contents {
            let digest = Digest.of(content)
            _ = try store.begin(digest, byteCount: UInt64(content.count))
            _ = try store.write(digest, offset: 0, bytes: Array(content.prefix(4)))
        }
        let first = Digest.of(contents[0])
        #expect(throws: StorageError.noUpload(first)) {
            try store.write(first, offset: 4, bytes: Array(contents[0].dropFirst(4)))
        }
        for content in contents {
            #expect(
                try store.begin(Digest.of(content), byteCount: UInt64(content.count))
                    == .send(offset: 4))
            #expect(try store.store(content) == Digest.of(content))
        }
    }

    @Test func `artifacts that are too large or find no room are refused at once`() throws {
        let folder = try TemporaryFolder().state()
        let digest = Digest.of("x")
        let store = try store(folder)
        #expect(
            throws: StorageError.artifactTooLarge(digest, byteCount: Limits.artifactBytes + 1)
        ) {
            try store.begin(digest, byteCount: Limits.artifactBytes + 1)
        }
        let careful = try ArtifactStore(folder, keepFree: .max / 2)
        let error = #expect(throws: StorageError.self) { try careful.begin(digest, byteCount: 1) }
        guard case .diskFull(folder.artifactsPath, let freeBytes) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("\(freeBytes) bytes are free") == true)
        #expect(try files(below: folder.artifactsPath).isEmpty)
    }

    @Test func `what is not there is an error, and links are not followed`() throws {
        let folder = try TemporaryFolder().state()
        let store = try store(folder)
        let digest = Digest.of("x")
        #expect(throws: StorageError.unknownArtifact(digest)) {
            try store.read(digest, offset: 0, count: 1)
        }
        let part = folder.artifactsPath + "/incoming/" + digest.description
        let victim = folder.path + "/victim"
        try Data("precious".utf8).write(to: URL(fileURLWithPath: victim))
        try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: victim)
        #expect(throws: StorageError.self) { try store.begin(digest, byteCount: 1) }
        #expect(try bytes(of: victim) == Array("precious".utf8))
    }

    @Test func `parts that nobody goes on with are removed after their time`() throws {
        let folder = try TemporaryFolder().state()
        let store = try store(folder)
        let content = content(100)
        let digest = Digest.of(content)
        _ = try store.begin(digest, byteCount: 100)
        _ = try store.write(digest, offset: 0, bytes: Array(content[..<50]))
        let kept = try store.store([1, 2, 3])
        let now = Int64(Date().timeIntervalSince1970)
        #expect(try store.removeLeftovers(untouchedSince: now - 86_400) == 0)
        #expect(try store.begin(digest, byteCount: 100) == .send(offset: 50))
        #expect(try store.removeLeftovers(untouchedSince: now + 60) == 1)
        #expect(try store.contains(kept))
        #expect(try store.begin(digest, byteCount: 100) == .send(offset: 0))
        #expect(try store.write(digest, offset: 0, bytes: content) == .stored)
    }
}
