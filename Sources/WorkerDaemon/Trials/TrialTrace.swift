import Foundation
import Glibc
import Synchronization
import Vocabulary

/// A file with a line for each trial that ran in the worker itself: name and nanoseconds, for
/// `scripts/bench`.
///
/// Lines are written many at a time, or the trace would take longer than the trials.
final class TrialTrace: Sendable {
    private let file: FileHandle
    private let lines = Mutex(Data())

    /// Bytes that are written at once.
    private static let block = 4096

    init(_ path: String) throws(WorkerError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw .system("make", path) }
        self.file = file
    }

    deinit { lines.withLock { file.write($0) } }

    func write(_ attempt: AttemptID, _ time: Instant) {
        lines.withLock { lines in
            lines.append(contentsOf: "\(attempt) \(time.nanoseconds)\n".utf8)
            guard lines.count >= Self.block else { return }
            file.write(lines)
            lines.removeAll(keepingCapacity: true)
        }
    }
}
