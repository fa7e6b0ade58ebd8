import Vocabulary

/// What runs for each user, and who is served next.
///
/// Weighted max-min fairness by progressive filling (Bertsekas and Gallager, Data Networks, 2nd
/// edition, 6.5.2): the next room goes to whoever has the fewest CPUs for their weight, first among
/// users, then among the sweeps of one user.
struct FairShare {
    private let users: UserShares
    private var held: [String: UInt64] = [:]

    /// Counts what the open sweeps of `durable` run.
    init(_ users: UserShares, _ durable: borrowing DurableState) {
        self.users = users
        for sweep in durable.openSweeps {
            let index = Int(sweep.number) - 1
            guard let cpus = durable.sweeps[index]?.runningCPUs, cpus > 0 else { continue }
            let user = durable.sweeps[index]?.definition.spec.sharing.user
            held[user ?? "", default: 0] += cpus
        }
    }

    /// Takes a trial of `user` into account that was just placed.
    mutating func take(cpus: UInt32, for user: String?) {
        held[user ?? "", default: 0] += UInt64(cpus)
    }

    /// CPUs that `user` may have beyond those that are held; nil for no limit.
    func cpusLeft(to user: String?) -> UInt64? {
        users[user].cpus.map { UInt64($0) - min(held[user ?? ""] ?? 0, UInt64($0)) }
    }

    /// A sweep that could be served now.
    struct Candidate {
        let sweep: SweepID
        /// The experiment that would be served.
        let experiment: Int
        fileprivate let priority: Int32
        fileprivate let user: Portion
        fileprivate let own: Portion

        /// Whether it is served before `other`.
        func comes(before other: Candidate) -> Bool {
            guard priority == other.priority else { return priority > other.priority }
            guard !user.isEqual(to: other.user) else { return own.isLess(than: other.own) }
            return user.isLess(than: other.user)
        }
    }

    /// The candidacy of experiment `experiment` of a sweep.
    func candidate(_ state: borrowing SweepState, experiment: Int) -> Candidate {
        let sharing = state.spec.sharing
        return Candidate(
            sweep: state.id, experiment: experiment, priority: state.spec.priority,
            user: Portion(
                cpus: held[sharing.user ?? ""] ?? 0, weight: users[sharing.user].weight),
            own: Portion(cpus: state.runningCPUs, weight: sharing.weight))
    }

    /// CPUs in relation to a weight, compared without rounding.
    fileprivate struct Portion {
        let cpus: UInt64
        let weight: UInt32

        func isLess(than other: Portion) -> Bool {
            cpus * UInt64(other.weight) < other.cpus * UInt64(weight)
        }

        func isEqual(to other: Portion) -> Bool {
            cpus * UInt64(other.weight) == other.cpus * UInt64(weight)
        }
    }
}
