import FoundationEssentials
package import Processes
package import Supervision
package import Vocabulary
package import Wire
package import ZeroMQ

/// Where a worker lives and whom it works for.
package struct WorkerSettings: Sendable {
    /// The folder for its key, cache, spool and running trials.
    package var stateFolder: String
    /// The folder that it shares with other workers of the host, for what all of them need.
    package var cacheFolder = CacheFolder.usual(of: ProcessInfo.processInfo.environment)
    /// Where the coordinator may be reached, in the order in which to try; at least one.
    package var places: [JoinToken.Place]
    /// The key by which the coordinator is known.
    package var serverKey: CurveKey
    /// What it says of its host.
    package var facts: WorkerFacts
    /// Bytes of artifacts and data sets that are kept at most.
    package var cacheBytes: UInt64 = 100 << 30
    /// The port at which other workers fetch data sets, 0 for any; nil keeps this worker from
    /// giving to others and from getting anything of them.
    package var sharePort: UInt16? = 0
    /// Whether leases are held ahead of the trials that run.
    package var prefetches = true
    /// Whether each trial runs on CPUs of its own, where the worker offers all that it has.
    package var pinsTrials = true
    /// When it leaves by itself.
    package var lifetime = WorkerLifetime()
    /// Who trials run as, for which the worker needs the right; nil for its own user.
    package var trialUser: SystemUser?
    /// Where the start and end of each trial are written, for measurements; nil for nowhere.
    package var tracePath: String?
    /// Told how the worker is; nil for nobody.
    package var service: ServiceNotification?

    /// Describes a worker; see the properties.
    package init(
        stateFolder: String, places: [JoinToken.Place], serverKey: CurveKey, facts: WorkerFacts
    ) {
        self.stateFolder = stateFolder
        self.places = places
        self.serverKey = serverKey
        self.facts = facts
    }

    /// Has trials run as the user of this host with that name.
    ///
    /// - Throws: `WorkerError` when there is none, or it is root.
    package mutating func runTrials(as name: String) throws(WorkerError) {
        trialUser = try SystemUser.ofTrials(named: name)
    }
}
