import Foundation
import Glibc
import Testing
import WorkerDaemon

struct FolderSizeTests {
    private final class Folder {
        let path = "/tmp/picoml-size-\(UUID().uuidString)"

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            // A folder that is left behind in the system's temporary folder fails no test.
            try? FileManager.default.removeItem(atPath: path)
        }

        func write(_ count: Int, to name: String) throws {
            try Data(repeating: 1, count: count).write(to: URL(filePath: "\(path)/\(name)"))
        }
    }

    private func whole(_ path: String) throws -> UInt64 {
        var size = FolderSize(path)
        let bytes = size.measure(entries: 1_000_000, limit: .max)
        return try #require(bytes)
    }

    @Test func `a look goes on where the last one stopped`() throws {
        let folder = try Folder()
        for number in 0..<20 { try folder.write(10_000, to: "\(number)") }
        let total = try whole(folder.path)
        #expect(total >= 200_000)
        var size = FolderSize(folder.path)
        for _ in 0..<2 {
            let looks = (0..<3).map { _ in size.measure(entries: 8, limit: .max) }
            #expect(looks == [nil, nil, total])
        }
    }

    @Test func `it stops as soon as there is too much`() throws {
        let folder = try Folder()
        for number in 0..<20 { try folder.write(10_000, to: "\(number)") }
        var size = FolderSize(folder.path)
        let measured = size.measure(entries: 8, limit: 30_000)
        let bytes = try #require(measured)
        #expect(bytes > 30_000 && bytes < 100_000)
    }

    @Test func `links lead nowhere and two names of a file count once`() throws {
        let folder = try Folder()
        let other = try Folder()
        try other.write(500_000, to: "large")
        try folder.write(100_000, to: "a")
        let before = try whole(folder.path)
        try #require(unsafe symlink(other.path, folder.path + "/link") == 0)
        try #require(unsafe symlink(other.path + "/large", folder.path + "/file") == 0)
        try #require(unsafe link(folder.path + "/a", folder.path + "/b") == 0)
        #expect(try whole(folder.path) - before < 50_000)
    }

    @Test func `a hole takes no space and a folder that is gone none`() throws {
        let folder = try Folder()
        try folder.write(1, to: "hole")
        try #require(unsafe truncate(folder.path + "/hole", 1 << 30) == 0)
        #expect(try whole(folder.path) < 1 << 20)
        #expect(try whole(folder.path + "/nothing") == 0)
    }
}
