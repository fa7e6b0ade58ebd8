import API
import ArgumentParser
import Client
import ConfigurationFiles
import Vocabulary
import WorkerDaemon

extension SweepSelector: ExpressibleByArgument {
    /// Reads a number or `last`.
    package init?(argument: String) { self.init(text: argument) }
}

extension TrialID: ExpressibleByArgument {
    /// Reads a sweep and a number, such as `12.3`.
    package init?(argument: String) { self.init(text: argument) }
}

extension SweepID: ExpressibleByArgument {
    /// Reads a number.
    package init?(argument: String) { self.init(text: argument) }
}

extension WorkerID: ExpressibleByArgument {
    /// Reads a number.
    package init?(argument: String) { self.init(text: argument) }
}

extension TokenID: ExpressibleByArgument {
    /// Reads a number.
    package init?(argument: String) { self.init(text: argument) }
}

extension DeviceChoice: ExpressibleByArgument {
    /// Reads `all`, `none`, or positions with commas between them, such as `0,2`.
    package init?(argument: String) {
        switch argument {
        case "all": self = .all
        case "none": self = .only([])
        default:
            let words = argument.split(separator: ",", omittingEmptySubsequences: false)
            let positions = words.compactMap { UInt32($0) }
            guard positions.count == words.count, Set(positions).count == positions.count else {
                return nil
            }
            self = .only(positions)
        }
    }
}

extension CoreList: ExpressibleByArgument {
    /// Reads numbers and ranges, such as `0-3,8`.
    package init?(argument: String) { self.init(text: argument) }
}

extension ByteCount: ExpressibleByArgument {
    /// Reads a number with its unit, such as `512MiB`.
    package init?(argument: String) { self.init(text: argument) }
}

/// A length of time as a person writes it: `90s`, `10m`, `1h30m`.
struct TimeSpan: ExpressibleByArgument, CustomStringConvertible {
    let seconds: Double

    init?(argument: String) {
        guard let seconds = DurationText.seconds(argument), seconds >= 1, seconds <= 365 * 86_400
        else { return nil }
        self.seconds = seconds
    }

    var description: String { HumanForm.duration(seconds: seconds) }
}

extension CoordinatorLoss: ExpressibleByArgument {}
extension Phase: ExpressibleByArgument {}
extension TrialStanding: ExpressibleByArgument {}
extension TrialQuery.Order: ExpressibleByArgument {}
