import Processes
import Vocabulary

/// What a running trial prints: the end of it is kept, whatever its length.
enum TrialLog {
    /// Bytes on the disk above which the start of a running trial's log is given up.
    private static let looseBytes: UInt64 = 8 << 20
    /// Bytes that stay then.
    private static let keptBytes: UInt64 = 1 << 20

    /// The part of the log in the trial's folder `directory` that was asked for, as far as it fits
    /// one message; empty when there is nothing there yet, or no log.
    static func part(
        in directory: String, owner: SystemUser?, for request: LogRequest
    ) -> LogPart {
        var part = LogPart(request: request.request, offset: request.offset, bytes: [])
        // Before its first line a trial has no log.
        guard let file = try? TrialFile(TrialChild.logName, in: directory, owner: owner),
            let size = try? file.facts().byteCount
        else { return part }
        part.offset = min(max(request.offset, start(ofSize: size)), size)
        // One that cannot be read is as good as one with nothing new.
        part.bytes = (try? file.read(count: Limits.logPartBytes, at: part.offset)) ?? []
        return part
    }

    /// Frees the disk under the start of a log that grew long, while it is written to.
    ///
    /// Positions stay what they are: the start becomes a hole. File systems without holes keep it.
    static func trim(
        _ name: String = TrialChild.logName, in directory: String, owner: SystemUser?
    ) {
        // A log that cannot be had takes no space.
        guard
            let file = try? TrialFile(name, in: directory, owner: owner, isWritable: true),
            let facts = try? file.facts(), facts.diskBytes > looseBytes
        else { return }
        file.freeStart(start(ofSize: facts.byteCount))
    }

    /// Leaves the end of a log that nobody writes to.
    static func cut(_ name: String, in directory: String) {
        // One that is not there, or cannot be cut, is no reason not to work.
        try? TrialFile(name, in: directory, isWritable: true).cut(toLast: Int(keptBytes))
    }

    /// Where what is kept of a log of `size` bytes begins.
    private static func start(ofSize size: UInt64) -> UInt64 {
        size > looseBytes ? size - keptBytes : 0
    }
}
