import Vocabulary

/// How the worker stands with its coordinator.
enum Link: Hashable, Sendable {
    /// Nothing is under way until `until`. Next: `greeting`.
    case waiting(until: Instant)
    /// Hello was said; without a welcome by `until` the connection is made anew.
    /// Next: `joined`, `waiting`.
    case greeting(until: Instant)
    /// Welcome. Without a word from the coordinator by `lapse` the connection is made anew.
    /// Next: `waiting`, `greeting` (asked to say hello again).
    case joined(renewal: Instant, lapse: Instant)
}

/// How long to wait before connecting again: doubling with full jitter, so that workers do not
/// come back all at once (Brooker 2015, "Exponential Backoff and Jitter").
struct Backoff: Hashable, Sendable {
    private var random: RandomSource
    private var ceiling = Backoff.floor

    // A worker must be back well before its leases end, so the ceiling is low; the jitter alone
    // spreads hundreds of workers out enough.
    static let floor = Duration.milliseconds(200)
    static let cap = Duration.seconds(2)
    /// How long to wait after a refusal, which a person has to mend.
    static let refusal = Duration.seconds(10)

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func next() -> Duration {
        let span = Duration.nanoseconds(Int64(Double(ceiling.nanoseconds) * random.nextUnit()))
        ceiling = min(ceiling * 2, Self.cap)
        return max(span, .milliseconds(50))
    }

    mutating func reset() { ceiling = Self.floor }
}
