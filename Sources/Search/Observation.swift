package import Vocabulary

/// A trial as samplers that learn see it.
package struct Observation: Hashable, Sendable {
    /// What is known of a point.
    package enum Outcome: Hashable, Sendable {
        /// It was tried to the end; the less its cost, the better.
        case succeeded(cost: Double)
        /// The pruner stopped it at a step, where it had this cost.
        case stopped(step: UInt64, cost: Double)
        /// It failed for what it is, as with a metric that is not a number: its surroundings are
        /// to be avoided.
        case infeasible
        /// It ended for a reason that says nothing of the point, which is not tried again.
        case lost
        /// It waits or runs.
        case pending
    }

    /// Of so many of the best trials a sampler is told however long ago they ended.
    package static let leaders = 25
    /// Of so many further trials it is told, the newest.
    package static let newest = 2000

    /// The point.
    package var assignments: [Assignment]
    /// What is known of it.
    package var outcome: Outcome

    /// The point `assignments` with what is known of it.
    package init(_ assignments: [Assignment], _ outcome: Outcome) {
        self.assignments = assignments
        self.outcome = outcome
    }
}

extension Observation.Outcome {
    /// Whether it tells how good the point is.
    var isKnown: Bool { self != .pending && self != .lost }

    /// Whether the point is better than one with `other`.
    ///
    /// Costs of different steps cannot be compared: a trial that was stopped is worse than each
    /// that was not, and the earlier it was, the worse.
    func isBetter(than other: Self) -> Bool {
        switch (self, other) {
        case (.succeeded(let own), .succeeded(let cost)): own < cost
        case (.stopped(let ownStep, let own), .stopped(let step, let cost)):
            ownStep == step ? own < cost : ownStep > step
        default: rank < other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .succeeded: 0
        case .stopped: 1
        case .infeasible: 2
        case .lost, .pending: 3
        }
    }
}
