import Vocabulary

/// The keys of other workers that may fetch chunks from this one: those that the coordinator
/// named lately.
struct GuestList {
    private var ends: [String: Instant] = [:]

    /// How long a key is let in after it was named; the coordinator names those that fetch again.
    static let stay = Duration.seconds(120)

    /// Lets `keys` in from `now` on; whether any of them was not.
    mutating func admit(_ keys: [String], at now: Instant) -> Bool {
        let known = ends.count
        for key in keys where ends[key] != nil || ends.count < Limits.workers {
            ends[key] = now + Self.stay
        }
        return ends.count > known
    }

    /// Forgets those whose time is over; whether there were any.
    mutating func expire(at now: Instant) -> Bool {
        let known = ends.count
        ends = ends.filter { $0.value > now }
        return ends.count < known
    }

    /// Whether `key` is let in.
    func contains(_ key: String, at now: Instant) -> Bool { ends[key].map { $0 > now } ?? false }

    /// All keys that are let in.
    var keys: [String] { ends.keys.sorted() }
}
