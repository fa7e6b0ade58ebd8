import SwiftProtobuf
import Vocabulary

extension SchemaHello {
    init(_ hello: Hello) {
        minimumVersion = hello.minimumVersion
        maximumVersion = hello.maximumVersion
        facts = SchemaWorkerFacts(hello.facts)
        prefetch = hello.prefetch
        held = hello.held.map { SchemaAttemptName($0) }
        takesDataSets = hello.takesDataSets
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Hello {
        try scrutiny.require(
            minimumVersion >= 1 && minimumVersion <= maximumVersion, "hello.minimum_version",
            "is 0 or above hello.maximum_version")
        guard isCompatible else { return foreign(scrutiny) }
        return Hello(
            minimumVersion: minimumVersion, maximumVersion: maximumVersion,
            facts: try facts.decoded(scrutiny),
            prefetch: try SchemaRenewal.prefetch(prefetch, scrutiny),
            held: try SchemaRenewal.held(held, scrutiny), takesDataSets: takesDataSets)
    }

    /// Whether there is a version that both sides speak.
    var isCompatible: Bool {
        ProtocolVersion.negotiate(minimum: minimumVersion, maximum: maximumVersion) != nil
    }

    /// What can be said of a worker with which no version is shared: enough to turn it away by
    /// name, whatever became of the other fields in its version.
    private func foreign(_ scrutiny: Scrutiny) -> Hello {
        // A name that is too long is left out: the versions are what matters here.
        let host = (try? scrutiny.name(facts.host, "facts.host")) ?? ""
        let software = (try? scrutiny.name(facts.software, "facts.software")) ?? ""
        return Hello(
            minimumVersion: minimumVersion, maximumVersion: maximumVersion,
            facts: WorkerFacts(
                host: host, process: 0, cpus: 1, memoryBytes: 0, software: software),
            prefetch: 0, held: [])
    }
}

extension SchemaRenewal {
    init(_ renewal: Renewal) {
        prefetch = renewal.prefetch
        held = renewal.held.map { SchemaAttemptName($0) }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Renewal {
        let held = try Self.held(held, scrutiny)
        try scrutiny.require(
            zip(held, held.dropFirst()).allSatisfy { $0 < $1 }, "renewal.held",
            "is not in ascending order")
        return Renewal(prefetch: try Self.prefetch(prefetch, scrutiny), held: held)
    }

    static func prefetch(_ count: UInt32, _ scrutiny: Scrutiny) throws(WireError) -> UInt32 {
        try scrutiny.number(count, in: 0...UInt32(Limits.leasesPerWorker), "prefetch")
    }

    static func held(
        _ names: [SchemaAttemptName], _ scrutiny: Scrutiny
    ) throws(WireError) -> [AttemptID] {
        try scrutiny.count(names.count, atMost: Limits.leasesPerWorker, "held")
        return try Structure.list(names) { name throws(WireError) in try name.decoded("held") }
    }
}

extension SchemaWelcome {
    init(_ welcome: Welcome) {
        version = welcome.version
        worker = welcome.worker.number
        renewMilliseconds = welcome.renewMilliseconds
        leaseMilliseconds = welcome.leaseMilliseconds
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Welcome {
        let versions = ProtocolVersion.minimum...ProtocolVersion.current
        guard versions.contains(version) else { throw .foreignProtocol(version: version) }
        return Welcome(
            version: version,
            worker: WorkerID(try Structure.positive(worker, "welcome.worker")),
            renewMilliseconds: try Structure.positive(
                renewMilliseconds, "welcome.renew_milliseconds"),
            leaseMilliseconds: try Structure.positive(
                leaseMilliseconds, "welcome.lease_milliseconds"))
    }
}
