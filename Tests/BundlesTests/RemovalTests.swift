import Bundles
import Foundation
import Glibc
import Testing

/// Folders that nobody can walk into the usual way.
@Suite struct `The removal of a folder` {
    /// Makes folders within each other, `depth` of them; a path to the last would be too long.
    private func nest(_ depth: Int, in path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        var place = unsafe open(path, O_RDONLY | O_DIRECTORY)
        for _ in 0..<depth where place >= 0 {
            try #require(unsafe mkdirat(place, "deeper", 0o755) == 0)
            let next = unsafe openat(place, "deeper", O_RDONLY | O_DIRECTORY)
            let file = unsafe openat(place, "file", O_WRONLY | O_CREAT, 0o644)
            close(file)
            close(place)
            place = next
        }
        try #require(place >= 0)
        close(place)
    }

    @Test func `does not depend on how deep it is`() throws {
        let workplace = try Workplace()
        try nest(20_000, in: workplace["deep"])
        try FolderRemoval.remove(workplace["deep"])
        #expect(try workplace.names().isEmpty)
    }

    @Test func `takes folders that were shut and links that lead out`() throws {
        let workplace = try Workplace()
        try workplace.write("kept", "stays")
        try nest(3, in: workplace["shut"])
        try FileManager.default.createSymbolicLink(
            atPath: workplace["shut"] + "/deeper/deeper/link",
            withDestinationPath: workplace["kept"])
        for path in ["/deeper/deeper", "/deeper", ""] {
            try #require(unsafe chmod(workplace["shut"] + path, 0o500) == 0)
        }
        try FolderRemoval.remove(workplace["shut"])
        #expect(try workplace.names() == ["kept"])
    }
}
