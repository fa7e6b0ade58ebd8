import ArgumentParser
import Logging

/// How much a daemon says of what it does.
struct LogOptions: ParsableArguments {
    @Option(help: "How much to log on standard error: debug, info, notice, warning or error.")
    var logLevel = LogLevel.info

    /// A logger of `label` with the level that was asked for.
    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel.rawValue) ?? .info
        return logger
    }
}

/// The levels that a person chooses from.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    /// Every trial.
    case debug
    /// Workers and sweeps.
    case info
    /// Start, end and champions.
    case notice
    /// What a person should look at.
    case warning
    /// What does not work.
    case error
}
