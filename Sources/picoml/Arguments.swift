import API
import ArgumentParser
import Vocabulary

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

extension Phase: ExpressibleByArgument {}
extension TrialStanding: ExpressibleByArgument {}
extension TrialQuery.Order: ExpressibleByArgument {}
