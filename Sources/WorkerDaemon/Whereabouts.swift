import Synchronization
import Wire

/// Where the coordinator may be, and where the worker looks for it now.
final class Whereabouts: Sendable {
    private let places: [JoinToken.Place]
    private let current = Mutex(0)

    init(_ places: [JoinToken.Place]) {
        precondition(!places.isEmpty, "a worker needs a place at which to look")
        self.places = places
    }

    /// How many there are.
    var count: Int { places.count }

    /// Where the worker looks now: it moves files from and to the place that gives it leases.
    var place: JoinToken.Place { places[current.withLock(\.self)] }

    /// Looks at the place with this number, counted from 0, from now on; whether it is another one
    /// than before.
    func move(to number: Int) -> Bool {
        current.withLock { current in
            defer { current = number }
            return number != current
        }
    }
}
