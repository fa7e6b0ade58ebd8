package import Vocabulary

/// Which sweep is meant.
package enum SweepSelector: Hashable, Sendable, CustomStringConvertible {
    /// The one with this number.
    case number(SweepID)
    /// The one submitted last.
    case last

    /// Reads a number or `last`; nil for anything else.
    package init?(text: some StringProtocol) {
        if text == "last" {
            self = .last
        } else if let sweep = SweepID(text: text) {
            self = .number(sweep)
        } else {
            return nil
        }
    }

    /// The number or `last`, as people type it.
    package var description: String {
        switch self {
        case .number(let sweep): sweep.description
        case .last: "last"
        }
    }
}

/// What can be done to a sweep.
package enum SweepAction: String, Hashable, Sendable, CaseIterable {
    /// Place no further trials; what runs goes on.
    case pause
    /// Place trials again.
    case resume
    /// End it and everything of it that runs.
    case cancel
}

/// What can be done to a worker.
package enum WorkerAction: String, Hashable, Sendable, CaseIterable {
    /// Let it end what it runs, then leave.
    case drain
    /// Let its key in no longer and end what it holds.
    case revoke
    /// Let it in after it enrolled with a join token that asks for that.
    case approve
}
