/// What one trial needs of its host.
package struct Resources: Hashable, Sendable {
    /// CPUs, from 1; the trial's thread count is set to it.
    package var cpus: UInt32
    /// The most memory in bytes that all processes of a trial may use together; nil for no limit.
    package var memoryBytes: UInt64?
    /// The most bytes that a trial's files may take on the worker; nil for no limit.
    package var diskBytes: UInt64?
    /// GPUs: a share of one, or whole ones.
    package var gpus: DeviceAmount
    /// What its host must be called by.
    package var labels: Labels
    /// Whether no other trial may run on its host meanwhile.
    package var isExclusive: Bool

    /// Describes what a trial needs; see the properties.
    package init(
        cpus: UInt32 = 1, memoryBytes: UInt64? = nil, diskBytes: UInt64? = usualDisk,
        gpus: DeviceAmount = .none, labels: Labels = Labels(), isExclusive: Bool = false
    ) {
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.diskBytes = diskBytes
        self.gpus = gpus
        self.labels = labels
        self.isExclusive = isExclusive
    }

    /// 16 GiB: a trainer that writes without end stops before it fills the disk of a usual host.
    package static let usualDisk: UInt64 = 16 << 30
}

extension Resources: Codable {
    private enum CodingKeys: String, CodingKey {
        case cpus, memoryBytes, diskBytes, gpus, labels, isExclusive
    }

    /// What an earlier version wrote lacks what it did not know.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            cpus: try members.decode(UInt32.self, forKey: .cpus),
            memoryBytes: try members.decodeIfPresent(UInt64.self, forKey: .memoryBytes),
            diskBytes: try members.decodeIfPresent(UInt64.self, forKey: .diskBytes),
            gpus: try members.decodeIfPresent(DeviceAmount.self, forKey: .gpus) ?? .none,
            labels: try members.decodeIfPresent(Labels.self, forKey: .labels) ?? Labels(),
            isExclusive: try members.decodeIfPresent(Bool.self, forKey: .isExclusive) ?? false)
    }
}
