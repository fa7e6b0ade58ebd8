import WorkerDaemon

/// This host, divided evenly between workers: what two of them believe to be their own would be
/// used twice.
struct HostParts {
    /// How many workers there are.
    let count: Int
    private let cores: [UInt32]
    private let usable: Int
    private let devices: Int

    /// Divides the host between `count` workers.
    init(count: Int) {
        self.count = count
        cores = HostCores.allowedByNode
        usable = Int(HostFacts.usableCPUs)
        devices = HostDevices.find().devices.count
    }

    /// What tells worker `index` its part.
    func arguments(_ index: Int) -> [String] {
        let gpus = (0..<devices).filter { $0 % count == index }.map { "\($0)" }
        var arguments = ["--gpus", gpus.isEmpty ? "none" : gpus.joined(separator: ",")]
        let own = cores.indices.filter { $0 * count / cores.count == index }.map { cores[$0] }
        // Where a quota grants less than all of them, or there are more workers than CPUs, CPUs
        // are shared, and the kernel places what runs.
        if usable == cores.count, !own.isEmpty {
            arguments += ["--cores", "\(CoreList(own))", "--cpus", "\(own.count)"]
        } else {
            arguments += ["--cpus", "\(max(1, usable / count))"]
        }
        return arguments
    }
}
