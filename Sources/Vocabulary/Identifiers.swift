/// A sweep: one submitted search, numbered by the coordinator from 1.
package struct SweepID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The position in the order of submission, from 1.
    package let number: UInt32

    /// Names sweep `number`.
    package init(_ number: UInt32) { self.number = number }

    /// Reads the form that `description` writes, for example `12`.
    package init?(text: some StringProtocol) {
        guard let number = UInt32(text), number > 0 else { return nil }
        self.number = number
    }

    /// The number alone, as people type it.
    package var description: String { "\(number)" }

    /// Orders by submission.
    package static func < (left: SweepID, right: SweepID) -> Bool { left.number < right.number }
}

/// One point of an experiment's search space, numbered within its sweep from 1.
package struct TrialID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The sweep that the trial belongs to.
    package let sweep: SweepID
    /// The position in the order of creation, from 1.
    package let number: UInt32

    /// Names trial `number` of `sweep`.
    package init(sweep: SweepID, number: UInt32) {
        self.sweep = sweep
        self.number = number
    }

    /// Reads the form that `description` writes, for example `12.3`.
    package init?(text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let sweep = SweepID(text: parts[0]),
            let number = UInt32(parts[1]), number > 0
        else { return nil }
        self.init(sweep: sweep, number: number)
    }

    /// The sweep and the number, joined by a full stop.
    package var description: String { "\(sweep).\(number)" }

    /// Orders by sweep, then by creation.
    package static func < (left: TrialID, right: TrialID) -> Bool {
        (left.sweep, left.number) < (right.sweep, right.number)
    }
}

/// One execution of a trial; its number is the fencing token.
///
/// A result is counted only under the newest attempt of its trial, so that a worker that was
/// believed dead cannot overwrite what its replacement did.
package struct AttemptID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The trial that is executed.
    package let trial: TrialID
    /// The fencing token: from 1, larger for each new execution.
    package let number: UInt32

    /// Names attempt `number` of `trial`.
    package init(trial: TrialID, number: UInt32) {
        self.trial = trial
        self.number = number
    }

    /// The trial and the number, joined by a number sign: `12.3#1`.
    package var description: String { "\(trial)#\(number)" }

    /// Orders by trial, then by number.
    package static func < (left: AttemptID, right: AttemptID) -> Bool {
        (left.trial, left.number) < (right.trial, right.number)
    }
}

/// A worker, known by its key and numbered by the coordinator when the key was authorised.
package struct WorkerID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The position in the order of authorisation, from 1.
    package let number: UInt32

    /// Names worker `number`.
    package init(_ number: UInt32) { self.number = number }

    /// Reads the form that `description` writes, for example `7`.
    package init?(text: some StringProtocol) {
        guard let number = UInt32(text), number > 0 else { return nil }
        self.number = number
    }

    /// The number alone, as people type it.
    package var description: String { "\(number)" }

    /// Orders by authorisation.
    package static func < (left: WorkerID, right: WorkerID) -> Bool { left.number < right.number }
}

/// A join token, numbered by the coordinator from 1.
package struct TokenID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The position in the order of creation, from 1.
    package let number: UInt32

    /// Names token `number`.
    package init(_ number: UInt32) { self.number = number }

    /// Reads the form that `description` writes, for example `3`.
    package init?(text: some StringProtocol) {
        guard let number = UInt32(text), number > 0 else { return nil }
        self.number = number
    }

    /// The number alone, as people type it.
    package var description: String { "\(number)" }

    /// Orders by creation.
    package static func < (left: TokenID, right: TokenID) -> Bool { left.number < right.number }
}

/// One connection of a worker, as the coordinator's socket tells connections apart.
package struct PeerID: Hashable, Comparable, Sendable {
    /// The routing id that the socket generated, widened.
    package let routingID: UInt64

    /// Names the connection with `routingID`.
    package init(_ routingID: UInt64) { self.routingID = routingID }

    /// Orders by routing id; only for iteration in a fixed order.
    package static func < (left: PeerID, right: PeerID) -> Bool {
        left.routingID < right.routingID
    }
}

/// A request of a person or tool that waits for its answer.
package struct RequestID: Hashable, Comparable, Sendable {
    /// Unique while the coordinator runs.
    package let number: UInt64

    /// Names request `number`.
    package init(_ number: UInt64) { self.number = number }

    /// Orders by number.
    package static func < (left: RequestID, right: RequestID) -> Bool {
        left.number < right.number
    }
}
