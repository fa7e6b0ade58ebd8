package import Vocabulary

/// What a worker is told when it starts.
package struct WorkerConfiguration: Hashable, Sendable {
    /// The folder of the key, the cache and the results that still wait; relative to the
    /// configuration file.
    package var state: String
    /// Where the coordinator gives out leases, tried in turn; none for the coordinator that the
    /// worker has joined.
    package var control: [Endpoint]
    /// Where it keeps artifacts, for each address of `control`.
    package var artifacts: [Endpoint]
    /// The coordinator's public key in Z85; nil when a join token brings it.
    package var serverKey: String?
    /// CPUs to offer; nil for all that the process may use.
    package var cpus: UInt32?
    /// Bytes of artifacts and data sets to keep at most; nil for the usual 100 GiB.
    package var cacheBytes: UInt64?
    /// The port at which other workers fetch data sets; nil for any.
    package var sharePort: UInt16?
    /// The user of the host that trials run as; nil for the worker's own.
    package var trialUser: String?
    /// What trials can choose its host by.
    package var labels: Labels
    /// Which GPUs to offer.
    package var gpus: DeviceChoice
    /// When it leaves by itself.
    package var lifetime: WorkerLifetime

    /// Reads a worker's file; only `state` is required.
    package static func parse(
        _ text: String, file: String
    ) throws(Diagnostics) -> WorkerConfiguration {
        var problems = Problems(file: file)
        guard let node = Document.read(text, into: &problems),
            let draft = WorkerDraft.table.read(node, into: &problems)
        else { throw Diagnostics(problems.all) }
        let configuration = draft.configuration(into: &problems)
        return try problems.finish(configuration)
    }

    /// Reads the file from bytes, which must be UTF-8.
    package static func parse(
        bytes: some Collection<UInt8>, file: String
    ) throws(Diagnostics) -> WorkerConfiguration {
        try parse(Document.text(of: bytes, file: file), file: file)
    }

    /// Every key as Markdown tables, made from the tables that read it.
    package static var reference: String {
        WorkerDraft.table.reference + "\n" + CoordinatorAddressDraft.table.reference
    }
}

/// A worker's file as it was written.
private struct WorkerDraft: Sendable {
    let node: Node
    var state: String?
    var coordinator: CoordinatorAddressDraft?
    var cpus: UInt32?
    var cacheBytes: UInt64?
    var sharePort: UInt16?
    var trialUser: String?
    var labels: Labels?
    var gpus: DeviceChoice?
    var timeLimit: Double?
    var idleTimeout: Double?
    var onCoordinatorLost: CoordinatorLoss?

    init(node: Node) { self.node = node }

    static let table = Table(
        "a worker", { WorkerDraft(node: $0) },
        fields: [
            Field(
                "coordinator", .mapping(CoordinatorAddressDraft.table), \.coordinator,
                "Whom to work for; the coordinator that the worker has joined without it."),
            Field(
                "state", .text("the path of a folder", bytes: Limits.messageBytes), \.state,
                isRequired: true,
                "The folder of the worker's key, its cache and results not yet delivered."),
            Field(
                "cpus", .integer(1...Limits.cpusPerWorker), \.cpus,
                "CPUs to offer; all that the process may use without it."),
            Field(
                "cache", .bytes(1 << 20...1 << 60), \.cacheBytes,
                "How much of artifacts and data sets is kept, such as `200 GiB`; 100 GiB without "
                    + "it."),
            Field(
                "share_port", .integer(1...UInt16.max), \.sharePort,
                "The port at which other workers fetch data sets, for firewalls; any without it."),
            Field(
                "trial_user", .text("the name of a user"), \.trialUser,
                "The user that trials run as, where the worker runs as root."),
            Field(
                "labels", .labels(allowsImplied: false), \.labels,
                "What trials can choose this host by, in `resources`."),
            Field(
                "gpus", .deviceChoice, \.gpus,
                "The GPUs to offer, in the order of nvidia-smi; all without it. Two workers of one "
                    + "host must not share any."),
            Field(
                "time_limit", .seconds, \.timeLimit,
                "How long to work. After it, what runs gets time for a checkpoint and goes on "
                    + "elsewhere."),
            Field(
                "idle_timeout", .seconds, \.idleTimeout,
                "How long to stay without anything to do."),
            Field(
                "on_coordinator_lost", .choice(of: "answer to a loss"), \.onCoordinatorLost,
                "What to do when the coordinator has been silent for a minute: go on, end what "
                    + "runs and leave, or leave at once."),
        ])

    func configuration(into problems: inout Problems) -> WorkerConfiguration? {
        let place = coordinator ?? CoordinatorAddressDraft(control: [], artifacts: [])
        guard let state, let control = place.control, let artifacts = place.artifacts else {
            return nil
        }
        guard control.count == artifacts.count else {
            problems.error(
                "`control` and `artifacts` have different numbers of addresses: "
                    + "\(control.count) and \(artifacts.count)",
                at: node.entry("coordinator")?.value.mark ?? node.mark,
                .key(node.path, "coordinator"),
                fix: "Give both for each place at which the coordinator may be, in one order.")
            return nil
        }
        return WorkerConfiguration(
            state: state, control: control, artifacts: artifacts,
            serverKey: coordinator?.serverKey, cpus: cpus, cacheBytes: cacheBytes,
            sharePort: sharePort, trialUser: trialUser, labels: labels ?? Labels(),
            gpus: gpus ?? .all,
            lifetime: WorkerLifetime(
                timeLimit: timeLimit.map { .seconds($0) },
                idleTimeout: idleTimeout.map { .seconds($0) },
                onLoss: onCoordinatorLost ?? .keepTraining))
    }
}

/// `coordinator` as it was written.
private struct CoordinatorAddressDraft: Sendable {
    var control: [Endpoint]?
    var artifacts: [Endpoint]?
    var serverKey: String?

    static let table = Table(
        "`coordinator`", { _ in CoordinatorAddressDraft() },
        fields: [
            Field(
                "control", .places, \.control, isRequired: true,
                "The coordinator's `control` address; of several, those that do not answer are "
                    + "passed over."),
            Field(
                "artifacts", .places, \.artifacts, isRequired: true,
                "The coordinator's `artifacts` address; as many as for `control`."),
            Field(
                "server_key", .publicKey, \.serverKey,
                "The coordinator's public key; a join token brings it too."),
        ])
}

extension Kind where Value == [Endpoint] {
    /// Where one coordinator may be.
    static let places = oneOrMore(
        of: .zeroMQ, limit: Limits.coordinatorPlaces, noun: Kind<Endpoint>.zeroMQ.noun)
}

extension Kind where Value == String {
    /// A CURVE key as ZeroMQ's RFC 32 (Z85) writes it.
    fileprivate static let publicKey = word("a key of 40 characters in Z85", count: 40...40) {
        z85.contains($0)
    }

    private static let z85 = Set(
        ("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
            + ".-:+=^!/*?&<>()[]{}@%$#").unicodeScalars)
}
