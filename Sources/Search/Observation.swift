package import Vocabulary

/// A finished or stopped trial as samplers see it.
package struct Observation: Hashable, Sendable {
    /// The point that was tried.
    package var assignments: [Assignment]
    /// The objective that it reached; nil when the trial failed.
    package var value: Double?

    /// The point `assignments` with the objective it reached.
    package init(assignments: [Assignment], value: Double?) {
        self.assignments = assignments
        self.value = value
    }
}
