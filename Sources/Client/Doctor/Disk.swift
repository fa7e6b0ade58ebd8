import Foundation
import Glibc

/// The state folder and the disk under it.
package enum Disk {
    /// A journal with its artifacts soon needs more than the first, and hardly fits the second.
    private static let comfortableBytes: UInt64 = 1 << 30
    private static let neededBytes: UInt64 = 100 << 20

    /// Whether the state folder, or the folder that it would be made in, can be written.
    package static func permission(of state: String) -> Finding {
        let folder = existing(state)
        let probe = "\(folder)/.picoml-doctor-\(getpid())"
        let descriptor = unsafe open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            return Finding(
                "state folder", .problem, "\(folder) cannot be written: \(reason(errno)).",
                fix: "Give this user the folder (`sudo chown $USER \(folder)`), or choose another "
                    + "with --state.")
        }
        close(descriptor)
        unsafe unlink(probe)
        return Finding(
            "state folder", .good,
            folder == state ? "\(state) can be written" : "\(state) will be made in \(folder)")
    }

    static func space(for state: String) -> Finding {
        var status = statvfs()
        let folder = existing(state)
        guard unsafe statvfs(folder, &status) == 0 else {
            return Finding("disk space", .warning, "\(folder): \(reason(errno)).")
        }
        let (free, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(
            by: UInt64(status.f_frsize))
        return space(overflow ? .max : free, in: folder)
    }

    /// The verdict on `free` bytes.
    package static func space(_ free: UInt64, in folder: String) -> Finding {
        let detail = "\(HumanForm.bytes(free)) free for \(folder)"
        let fix = "Free some, or choose a folder on another disk with --state."
        if free < neededBytes { return Finding("disk space", .problem, detail, fix: fix) }
        if free < comfortableBytes { return Finding("disk space", .warning, detail, fix: fix) }
        return Finding("disk space", .good, detail)
    }

    /// Whether the token is private.
    package static func secrets(in state: String) -> Finding {
        let path = "\(state)/coordinator/token"
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            return Finding("token", .good, "none yet: the coordinator makes one")
        }
        guard status.st_mode & 0o077 == 0 else {
            return Finding(
                "token", .problem, "\(path) can be read by other users.",
                fix: "Run `chmod 600 \(path)`.")
        }
        return Finding("token", .good, "\(path) is private")
    }

    /// The folder itself, or the nearest one above it that is there.
    private static func existing(_ path: String) -> String {
        var folder = path
        var status = stat()
        while unsafe stat(folder, &status) != 0 {
            guard let slash = folder.lastIndex(of: "/") else { return "." }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
            if folder == "/" { break }
        }
        return folder
    }

    private static func reason(_ number: Int32) -> String {
        unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
}
