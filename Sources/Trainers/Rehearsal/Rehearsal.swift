import Glibc
import Vocabulary

/// The trainer `rehearsal`: an exponential learning curve of chosen length, noise and ending.
///
/// Parameters, all optional: `rounds` (10), `seconds_per_round` (0), `start` (1) and `end` (0) of
/// the curve, `noise` (0, the standard deviation), `ending` (see ``Ending``).
struct Rehearsal {
    /// What happens after the last round.
    enum Ending: String, CaseIterable {
        /// A result.
        case success
        /// A failure of the trainer.
        case error
        /// The objective becomes NaN, in a report and in the result.
        case nan
        /// The process ends with code 7 and without a word.
        case exit
        /// The process neither ends nor hears the request to stop.
        case hang
        /// Memory is taken until there is no more.
        case memory
        /// A result without the objective, which was never reported either.
        case noMetric = "no_metric"
    }

    private let lease: Lease
    private var rounds = 10
    private var pause = Duration.zero
    private var start = 1.0
    private var end = 0.0
    private var noise = 0.0
    private var ending = Ending.success

    init(_ lease: Lease) throws(TrialEnd) {
        self.lease = lease
        for assignment in lease.parameters {
            let number = assignment.value.number
            switch (assignment.name, number) {
            case ("rounds", let value?) where (1...100_000).contains(value):
                rounds = Int(value.rounded())
            case ("seconds_per_round", let value?) where (0...86_400).contains(value):
                pause = .seconds(value)
            case ("start", let value?): start = value
            case ("end", let value?): end = value
            case ("noise", let value?): noise = value
            case ("ending", nil):
                guard let known = Ending(rawValue: assignment.value.description) else {
                    fallthrough
                }
                ending = known
            default:
                throw .error(
                    "The rehearsal has no parameter \(assignment.name) with the value "
                        + "\(assignment.value). It has rounds, seconds_per_round, start, end, "
                        + "noise and ending (\(Self.endings)).")
            }
        }
    }

    /// Plays the curve and the ending.
    func run(_ channel: inout TrialChannel) throws(TrialEnd) -> [Metric] {
        guard lease.task == .search else {
            throw .error("The rehearsal has no model that could be confirmed or scored.")
        }
        var random = RandomSource(seed: lease.seed)
        var last: [Metric] = []
        for round in 1...rounds {
            if let reason = try wait(pause, on: &channel) { throw .stopped(reason, last: last) }
            guard ending != .noMetric else { continue }
            var value = Self.value(round, of: rounds, from: start, to: end)
            value += noise * Self.normal(&random)
            if ending == .nan, round == rounds { value = .nan }
            last = [Metric(lease.objective.metric, value)]
            try channel.report(step: UInt64(round), metrics: last)
        }
        switch ending {
        case .success, .nan, .noMetric: return last
        case .error: throw .error("The rehearsal was told to fail.")
        case .exit: Glibc.exit(7)
        case .hang:
            while true { _ = Glibc.pause() }
        case .memory:
            MemoryHog.fill()
            throw .failed(.outOfMemory, message: "The rehearsal took all memory there was.")
        }
    }

    /// The curve falls or rises by the factor e^-5 of its whole way in `rounds` rounds.
    private static func value(
        _ round: Int, of rounds: Int, from start: Double, to end: Double
    ) -> Double {
        end + (start - end) * exp(-5 * Double(round) / Double(rounds))
    }

    /// A draw from the standard normal distribution (Box and Muller 1958).
    private static func normal(_ random: inout RandomSource) -> Double {
        let radius = (-2 * log(1 - random.nextUnit())).squareRoot()
        return radius * cos(2 * .pi * random.nextUnit())
    }

    private func wait(
        _ time: Duration, on channel: inout TrialChannel
    ) throws(TrialEnd) -> StopReason? {
        do {
            return try channel.stop(within: time)
        } catch {
            throw .workerGone(error)
        }
    }

    private static var endings: String {
        Ending.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
