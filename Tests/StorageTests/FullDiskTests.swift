import Foundation
import Glibc
import Hashing
import Storage
import Testing
import Vocabulary

/// A small file system in memory, which only root may mount.
private struct SmallDisk: ~Copyable {
    let path: String

    init(megabytes: Int) throws {
        let path = try TemporaryFolder().path
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
        self.path = path
    }

    deinit {
        // A leftover mount is seen by whoever runs the tests; there is no one to throw to.
        try? Self.run("umount", "-l", path)
    }

    static let isPossible: Bool = {
        guard getuid() == 0 else { return false }
        // In a container it may be impossible even for root.
        do {
            _ = try SmallDisk(megabytes: 1)
            return true
        } catch {
            return false
        }
    }()

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }
}

@Suite(.enabled(if: SmallDisk.isPossible, "a small disk can be mounted here (root only)"))
struct FullDiskTests {
    @Test func `a full disk refuses a batch whole and takes it when there is room`() throws {
        let disk = try SmallDisk(megabytes: 3)
        let state = try StateFolder(disk.path + "/state")
        let journal = try Journal(state)
        let ballast = disk.path + "/ballast"
        try Data(count: 512 * 1024).write(to: URL(fileURLWithPath: ballast))
        var number = 1
        var problem: StorageError?
        while problem == nil {
            do throws(StorageError) {
                try journal.append(batch(number, bytes: 30_000), at: 0)
                number += 1
            } catch {
                problem = error
            }
        }
        guard case .diskFull(state.databasePath, let freeBytes) = problem else {
            Issue.record("\(String(describing: problem))")
            return
        }
        #expect(freeBytes < 512 * 1024)
        #expect(number > 2)
        #expect(try batches(in: journal) == Array(1..<number))
        try FileManager.default.removeItem(atPath: ballast)
        try journal.append(batch(number, bytes: 30_000), at: 0)
        #expect(try batches(in: journal) == Array(1...number))
    }

    @Test func `an artifact that finds the disk full can go on when there is room`() throws {
        let disk = try SmallDisk(megabytes: 2)
        let state = try StateFolder(disk.path + "/state")
        let store = try ArtifactStore(state, keepFree: 0)
        let content = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 >> 3) }
        let digest = Digest.of(content)
        #expect(try store.begin(digest, byteCount: 1_500_000) == .send(offset: 0))
        // Somebody else takes the room meanwhile.
        let ballast = disk.path + "/ballast"
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: ballast))
        var offset: UInt64 = 0
        let error = #expect(throws: StorageError.self) {
            while case .send(let next) = try store.write(
                digest, offset: offset, bytes: Array(content[Int(offset)...].prefix(200_000)))
            {
                offset = next
            }
        }
        guard case .diskFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try !store.contains(digest))
        try FileManager.default.removeItem(atPath: ballast)
        #expect(try store.begin(digest, byteCount: 1_500_000) == .send(offset: offset))
        #expect(try store.store(content) == digest)
        #expect(try store.read(digest, offset: 0, count: 1_500_000) == content)
    }
}
