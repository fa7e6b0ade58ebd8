import Foundation
import Glibc

/// A file system of 16 MiB in memory.
struct SmallDisk {
    /// Where it is mounted.
    let path: String
    private var ballast: String { path + "/ballast" }

    /// Whether this process may mount one: that takes root, and a container may forbid it.
    static let isPossible: Bool = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "picoml-disk-\(UUID().uuidString)").path
        guard let disk = try? SmallDisk(at: folder) else { return false }
        disk.remove()
        // An empty folder that stays does no harm.
        try? FileManager.default.removeItem(atPath: folder)
        return true
    }()

    /// Mounts one at `path`, which is made when it is missing.
    init(at path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        self.path = path
        let status = unsafe mount("picoml", path, "tmpfs", 0, "size=16m,mode=700")
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM) }
    }

    /// Takes all space that is left.
    func fill() throws {
        let descriptor = unsafe open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 4096)
        while unsafe write(descriptor, block, block.count) > 0 {}
    }

    /// Gives the space back.
    func free() throws { try FileManager.default.removeItem(atPath: ballast) }

    /// Takes the file system away, as soon as nobody uses it any more.
    func remove() { _ = unsafe umount2(path, Int32(MNT_DETACH)) }
}
