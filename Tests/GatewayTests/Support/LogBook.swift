import Logging
import Synchronization

/// Keeps everything that is logged.
final class LogBook: Sendable {
    private let kept = Mutex<[String]>([])

    /// Every line with its metadata, oldest first.
    var lines: [String] { kept.withLock { $0 } }

    /// A logger that writes everything, down to the smallest detail, into this book.
    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(book: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            book.kept.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}
