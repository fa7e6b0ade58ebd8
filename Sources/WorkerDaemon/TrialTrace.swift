import Foundation
import Glibc
import Vocabulary

/// A file with a line for each trial that ran in the worker itself: name and nanoseconds, for
/// `scripts/bench`.
final class TrialTrace: Sendable {
    private let file: FileHandle

    init(_ path: String) throws(WorkerError) {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw .system("make", path) }
        self.file = file
    }

    func write(_ attempt: AttemptID, _ time: Instant) {
        file.write(Data("\(attempt) \(time.nanoseconds)\n".utf8))
    }
}
