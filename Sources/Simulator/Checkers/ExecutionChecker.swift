import Vocabulary

/// Watches what workers really run.
///
/// It promises: a worker runs no more than its CPUs and GPUs allow, and nothing beside what is to
/// run alone; it runs an attempt at most once, and has
/// asked an older attempt of a trial to stop before it starts a newer one. The last two hold on
/// networks that keep ZeroMQ's promises; doubled leases break them, which costs time only.
final class ExecutionChecker {
    private let findings: Findings
    let isHarsh: Bool
    private var launched: Set<AttemptID> = []
    private(set) var launches = 0

    init(_ findings: Findings, isHarsh: Bool) {
        self.findings = findings
        self.isHarsh = isHarsh
    }

    /// `worker` starts `lease` on `cores`, next to what its processes run.
    func launch(_ lease: Lease, cores: [UInt32], on worker: SimulatedWorker) {
        launches += 1
        let used = worker.processes.reduce(lease.cpus) { $0 + $1.lease.cpus }
        require(
            used <= worker.cpus, "host \(worker.index) runs \(used) of \(worker.cpus) CPUs")
        checkDevices(lease, on: worker)
        require(cores.count == lease.cpus, "\(lease.attempt) is pinned to \(cores.count) CPUs")
        for process in worker.processes {
            require(
                Set(process.cores).isDisjoint(with: cores),
                "\(lease.attempt) and \(process.lease.attempt) are pinned to the same CPUs")
        }
        let isFirst = launched.insert(lease.attempt).inserted
        guard !isHarsh else { return }
        require(isFirst, "\(lease.attempt) was started twice")
        for process in worker.processes
        where process.lease.attempt.trial == lease.attempt.trial && !process.isStopped {
            require(
                false,
                "host \(worker.index) starts \(lease.attempt) while "
                    + "\(process.lease.attempt) runs on")
        }
    }

    /// Nothing that `lease` has for itself is given to another.
    private func checkDevices(_ lease: Lease, on worker: SimulatedWorker) {
        let leases = worker.processes.map(\.lease) + [lease]
        require(
            leases.count == 1 || !leases.contains(where: \.isExclusive),
            "host \(worker.index) runs others beside what is to run alone")
        for (position, device) in lease.devices.enumerated() {
            require(
                !lease.devices[..<position].contains(device), "\(lease.attempt) has a GPU twice")
            let taken = leases.filter { $0.devices.contains(device) }
                .reduce(0) { $0 + min($1.gpus.thousandths, DeviceAmount.whole) }
            require(
                taken <= DeviceAmount.whole,
                "host \(worker.index) gives out \(taken) thousandths of GPU \(device)")
        }
        require(
            lease.devices.isEmpty == (lease.gpus == .none),
            "\(lease.attempt) needs \(lease.gpus) GPUs and gets \(lease.devices.count)")
    }

    /// `worker` forgets an attempt.
    func discard(_ attempt: AttemptID, on worker: SimulatedWorker) {
        require(
            !worker.processes.contains { $0.lease.attempt == attempt },
            "host \(worker.index) forgets \(attempt), which runs")
    }

    private func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        findings.require(condition, "execution", sentence())
    }
}
