import Vocabulary

/// `resources` as it was written.
struct ResourcesDraft: Sendable {
    var cpus: UInt32?
    var memory: UInt64?
    var disk: UInt64?
    var gpus: DeviceAmount?
    var labels: Labels?
    var isExclusive: Bool?

    private static let sizes: ClosedRange<UInt64> = 1 << 20...1 << 50

    static let table = Table(
        "`resources`", { _ in ResourcesDraft() },
        fields: [
            Field(
                "cpus", .integer(1...Limits.cpusPerWorker), \.cpus,
                "CPUs of one trial, and its number of threads; 1 without it."),
            Field(
                "memory", .bytes(sizes), \.memory,
                "The most memory that all processes of a trial may use together, such as `2 GiB`; "
                    + "no limit without it."),
            Field(
                "disk", .bytes(sizes), \.disk,
                "The most that the files of a trial may take on the worker's disk; 16 GiB "
                    + "without it."),
            Field(
                "gpus", .deviceAmount, \.gpus,
                "GPUs of one trial: whole ones, or a share of one that other trials share with it; "
                    + "none without it."),
            Field(
                "labels", .labels(allowsImplied: true), \.labels,
                "What its host must be called by: labels of the worker's person, `host`, "
                    + "`architecture` or `distribution`."),
            Field(
                "exclusive", .boolean, \.isExclusive,
                "Whether no other trial may run on its host meanwhile."),
        ])
}

extension Kind where Value == Resources {
    /// The `resources` mapping.
    static let resources = Kind<ResourcesDraft>.mapping(ResourcesDraft.table).then {
        draft, _, _ -> Resources? in
        Resources(
            cpus: draft.cpus ?? Resources().cpus, memoryBytes: draft.memory,
            diskBytes: draft.disk ?? Resources.usualDisk, gpus: draft.gpus ?? .none,
            labels: draft.labels ?? Labels(),
            isExclusive: draft.isExclusive ?? false)
    }
}
