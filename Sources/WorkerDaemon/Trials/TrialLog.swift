import CLinux
import Glibc
import Vocabulary

/// What a running trial prints: the end of it is kept, whatever its length.
enum TrialLog {
    /// Bytes that are kept of the log of an ended trial: its end, where the reason of a failure
    /// stands.
    static let keptBytes = 1 << 20
    /// Bytes on the disk above which the start of a running trial's log is given up.
    private static let looseBytes = 8 << 20

    /// The part of the log at `path` from `offset` on that fits one message; empty when there is
    /// nothing there yet, or no log.
    static func part(of path: String, for request: LogRequest) -> LogPart {
        var part = LogPart(request: request.request, offset: request.offset, bytes: [])
        // Before its first line a trial has no log.
        guard let file = try? LocalFile(reading: path), let size = try? file.size() else {
            return part
        }
        part.offset = min(max(request.offset, start(ofSize: size)), size)
        // One that cannot be read is as good as one with nothing new.
        part.bytes = (try? file.read(count: Limits.logPartBytes, at: part.offset)) ?? []
        return part
    }

    /// Frees the disk under the start of a log that grew long, while its trial goes on writing.
    ///
    /// Positions stay what they are: the start becomes a hole. File systems without holes keep it.
    static func trim(_ path: String) {
        var facts = stat()
        let file = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return }
        defer { close(file) }
        guard unsafe fstat(file, &facts) == 0, facts.st_blocks * 512 > looseBytes else { return }
        _ = picoml_punch_hole(file, off_t(start(ofSize: UInt64(facts.st_size))))
    }

    /// Where what is kept of a log of `size` bytes begins.
    private static func start(ofSize size: UInt64) -> UInt64 {
        size > UInt64(looseBytes) ? size - UInt64(keptBytes) : 0
    }
}
