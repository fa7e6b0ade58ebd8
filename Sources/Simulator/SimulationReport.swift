package import Vocabulary

/// What a simulation found.
package struct SimulationReport: Sendable, CustomStringConvertible {
    /// The seed that gives exactly this run again.
    package let seed: UInt64
    /// How many things took place.
    package let events: Int
    /// How much time passed in the simulated world.
    package let simulated: Duration
    /// How often each kind of fault was injected, kinds in a fixed order.
    package let faults: [(kind: String, count: Int)]
    /// How much was done, such as trials that ended, kinds in a fixed order.
    package let work: [(kind: String, count: Int)]
    /// Every promise that was broken; empty for a good run.
    package let violations: [Violation]
    /// Equal for two runs of the same seed and options.
    package let traceHash: UInt64
    /// Whether the network broke the promises that ZeroMQ keeps.
    package let isHarsh: Bool

    /// One line; with violations, one more for each and the command that repeats the run.
    package var description: String {
        let counts = faults.filter { $0.count > 0 }.map { "\($0.count) \($0.kind)" }
        let done = work.filter { $0.count > 0 }.map { "\($0.count) \($0.kind)" }
        let network = isHarsh ? " (harsh network)" : ""
        let head =
            "seed \(seed)\(network): \(events) events, \(simulated.inSeconds.rounded()) s, trace "
            + String(traceHash, radix: 16) + "; " + done.joined(separator: ", ")
            + (counts.isEmpty ? "" : "; faults: " + counts.joined(separator: ", "))
        guard !violations.isEmpty else { return head }
        return ([head] + violations.map(\.description) + ["repeat it: \(reproduction)"])
            .joined(separator: "\n")
    }

    /// The command that repeats the run.
    package var reproduction: String { "picoml simulate --seed \(seed)" }
}

/// A broken promise.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// Who noticed.
    package let checker: String
    /// When, in simulated time.
    package let time: Instant
    /// What was promised and what happened instead.
    package let sentence: String

    /// `checker at 12.3 s: sentence`.
    package var description: String {
        let milliseconds = time.nanoseconds / 1_000_000
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        return "\(checker) at \(milliseconds / 1000).\(fraction) s: \(sentence)"
    }
}

/// Where the checkers put what they find.
final class Findings {
    /// One broken promise often breaks many more; the first ones say enough.
    private static let limit = 3

    private(set) var violations: [Violation] = []
    var now = Instant.zero

    func require(_ condition: Bool, _ checker: String, _ sentence: @autoclosure () -> String) {
        guard !condition, violations.count(where: { $0.checker == checker }) < Self.limit
        else { return }
        violations.append(Violation(checker: checker, time: now, sentence: sentence()))
    }
}
