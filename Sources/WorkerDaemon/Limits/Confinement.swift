import Bundles
import Glibc
package import Processes
import Vocabulary

/// What a worker's trials may take, and how that is enforced on its host.
package struct Confinement: Sendable {
    /// Where processes are kept together; nil where the host has no control groups for the worker.
    package var groups: ControlGroups?
    /// Who trials run as; nil for the worker's own user.
    package var user: SystemUser?
    /// Takes a group that nobody needs any more and whose processes were killed.
    package var abandon: @Sendable (ControlGroup) -> Void

    /// Enforces limits with what the host offers.
    package init(
        groups: ControlGroups? = nil, user: SystemUser? = nil,
        abandon: @escaping @Sendable (ControlGroup) -> Void = { _ = $0.remove() }
    ) {
        self.groups = groups
        self.user = user
        self.abandon = abandon
    }

    /// A control group for an execution; nil where there are none.
    func group(for lease: Lease) throws(WorkerError) -> ControlGroup? {
        try groups?.make(
            "\(lease.attempt.trial)-\(lease.attempt.number)",
            memoryBytes: lease.isContained ? nil : lease.memoryBytes)
    }

    /// What a process sets for itself before it is the execution of `lease`.
    ///
    /// Without a control group the memory of each process is limited, not that of all together.
    func limits(of lease: Lease, isGrouped: Bool) -> [ProcessPlan.ResourceLimit] {
        let limits = trialLimits(of: lease, group: nil, isGrouped: isGrouped)
        return [.core(0)] + (limits.data.map { [.memory($0)] } ?? [])
            + (limits.file.map { [.file($0)] } ?? [])
    }

    /// The same for a process that is forked where the worker cannot set anything.
    func trialLimits(of lease: Lease, in group: ControlGroup?) -> TrialLimits {
        trialLimits(of: lease, group: group, isGrouped: group != nil)
    }

    private func trialLimits(
        of lease: Lease, group: ControlGroup?, isGrouped: Bool
    ) -> TrialLimits {
        TrialLimits(
            groups: group?.entrances ?? [],
            data: isGrouped || lease.isContained ? nil : lease.memoryBytes,
            file: lease.diskBytes)
    }
}

extension Lease {
    /// Whether it runs in a container, whose engine limits its memory.
    fileprivate var isContained: Bool {
        if case .image = program?.environment { true } else { false }
    }
}

/// Why a trial ended that took too much.
enum Excess {
    static func ofMemory(_ limit: UInt64) -> String {
        "it used more than the \(ByteText.text(limit)) that the sweep allows (resources: memory)"
    }

    static func ofDisk(_ limit: UInt64) -> String {
        "its files take more than the \(ByteText.text(limit)) that the sweep allows "
            + "(resources: disk)"
    }
}
