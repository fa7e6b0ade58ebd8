/// What a worker says of itself.
package struct WorkerFacts: Hashable, Sendable {
    /// The host's name.
    package var host: String
    /// The operating system's process number.
    package var process: UInt32
    /// CPUs that trials may use, from 1.
    package var cpus: UInt32
    /// Memory of the host in bytes.
    package var memoryBytes: UInt64
    /// The version of `picoml`.
    package var software: String
    /// The host's processor as uname(2) names it, such as `x86_64`; empty when it is not known.
    package var architecture: String
    /// The host's Linux distribution with its version, such as `debian-12`; empty when it is not
    /// known.
    package var distribution: String
    /// What its person calls it by.
    package var labels: Labels
    /// GPUs that trials may use.
    package var devices: [Device]
    /// How long it still works, from when it says so; nil for no end.
    package var timeLeft: Duration?

    /// Describes a worker; see the properties.
    package init(
        host: String, process: UInt32, cpus: UInt32, memoryBytes: UInt64, software: String,
        architecture: String = "", distribution: String = "", labels: Labels = Labels(),
        devices: [Device] = [], timeLeft: Duration? = nil
    ) {
        self.host = host
        self.process = process
        self.cpus = cpus
        self.memoryBytes = memoryBytes
        self.software = software
        self.architecture = architecture
        self.distribution = distribution
        self.labels = labels
        self.devices = devices
        self.timeLeft = timeLeft
    }

    /// The labels by which trials choose: those of its person and `Label.implied`.
    package var allLabels: Labels {
        var all = labels
        all["host"] = host.isEmpty ? nil : host
        all["architecture"] = architecture.isEmpty ? nil : architecture
        all["distribution"] = distribution.isEmpty ? nil : distribution
        return all
    }
}

extension WorkerFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, process, cpus, memoryBytes, software, architecture, distribution, labels
        case devices, secondsLeft
    }

    /// What another version wrote may lack what it does not know.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            host: try members.decode(String.self, forKey: .host),
            process: try members.decode(UInt32.self, forKey: .process),
            cpus: try members.decode(UInt32.self, forKey: .cpus),
            memoryBytes: try members.decode(UInt64.self, forKey: .memoryBytes),
            software: try members.decode(String.self, forKey: .software),
            architecture: try members.decodeIfPresent(String.self, forKey: .architecture) ?? "",
            distribution: try members.decodeIfPresent(String.self, forKey: .distribution) ?? "",
            labels: try members.decodeIfPresent(Labels.self, forKey: .labels) ?? Labels(),
            devices: try members.decodeIfPresent([Device].self, forKey: .devices) ?? [],
            timeLeft: try members.decodeIfPresent(Double.self, forKey: .secondsLeft)
                .map { .seconds($0) })
    }

    /// Writes the time left in seconds.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(host, forKey: .host)
        try members.encode(process, forKey: .process)
        try members.encode(cpus, forKey: .cpus)
        try members.encode(memoryBytes, forKey: .memoryBytes)
        try members.encode(software, forKey: .software)
        try members.encode(architecture, forKey: .architecture)
        try members.encode(distribution, forKey: .distribution)
        try members.encode(labels, forKey: .labels)
        try members.encode(devices, forKey: .devices)
        try members.encodeIfPresent(timeLeft?.inSeconds, forKey: .secondsLeft)
    }
}
