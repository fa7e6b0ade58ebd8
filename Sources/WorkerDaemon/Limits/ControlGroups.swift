import FoundationEssentials
import Glibc
import Hashing
package import Processes
import Vocabulary

/// The control groups of a worker: one for each trial, below one for all of them.
package struct ControlGroups: Sendable {
    /// The group of all, which holds no processes itself.
    private let base: ControlGroup
    /// Who may join by itself; nil for nobody else.
    private let user: SystemUser?

    /// Makes the group for all trials below the worker's own; what an earlier worker of the same
    /// folder left in groups is killed.
    ///
    /// - Parameters:
    ///   - name: The worker's; no other worker of the host has it.
    ///   - notePath: The file that tells a later start where the groups are.
    ///   - user: Who joins groups by itself.
    ///   - place: Where groups can be made; nil for nowhere.
    /// - Throws: `WorkerError` with the reason when there can be none here.
    package init(
        named name: String, notePath: String, user: SystemUser?,
        place: ControlGroupPlace? = ControlGroupPlace.find()
    ) throws(WorkerError) {
        Self.clear(notePath, named: "picoml-\(name)")
        let folder = "/picoml-\(name)"
        switch place {
        case nil:
            throw WorkerError(
                "no control groups with the controllers memory and pids are mounted here")
        case .separate(let memory, let processes):
            base = ControlGroup(folders: [memory + folder, processes + folder], isUnified: false)
        case .unified(let own):
            try Self.delegate(own)
            base = ControlGroup(folders: [own + folder], isUnified: true)
        }
        self.user = user
        Self.clear(base)
        // Before the first group: a worker that ends in between left nothing that is not noted.
        let note = base.folders.map { $0 + "\n" }.joined()
        do { try Data(note.utf8).write(to: URL(filePath: notePath)) } catch {
            throw WorkerError("cannot write \(notePath): \(error)")
        }
        for folder in base.folders { try Self.make(folder) }
        if base.isUnified { try Self.enable(in: base.folders[0]) }
        // Version 2 asks for the right to the group that both places have in common.
        if base.isUnified, let user { try base.handOver(to: user) }
    }

    /// Makes a group for a trial or a warm process.
    package func make(_ name: String, memoryBytes: UInt64?) throws(WorkerError) -> ControlGroup {
        // An execution that is started again must not share its former group, which is on its way
        // out: whoever ends that would end this one.
        for suffix in ["", ".2", ".3", ".4"] {
            let group = ControlGroup(
                folders: base.folders.map { "\($0)/\(name)\(suffix)" }, isUnified: base.isUnified)
            do throws(WorkerError) {
                guard try Self.makeNew(group) else { continue }
                try group.restrict(memoryBytes: memoryBytes)
                if let user { try group.handOver(to: user) }
                return group
            } catch {
                _ = group.remove()
                throw error
            }
        }
        throw WorkerError("the control groups of former trials \(name) cannot be removed")
    }

    /// Makes a group unless one of its folders is there.
    private static func makeNew(_ group: ControlGroup) throws(WorkerError) -> Bool {
        for (index, folder) in group.folders.enumerated() {
            if unsafe mkdir(folder, 0o755) == 0 {
                try unlock(folder)
                continue
            }
            let number = errno
            // Only those that were made here.
            for made in group.folders.prefix(index) { unsafe rmdir(made) }
            errno = number
            guard number == EEXIST else { throw .system("make the control group", folder) }
            return false
        }
        return true
    }

    /// Ends what is in any of the groups and removes them, as far as that is possible at once.
    package func removeAll() { Self.clear(base) }

    private static func make(_ folder: String) throws(WorkerError) {
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw .system("make the control group", folder)
        }
        try unlock(folder)
    }

    /// Lets processes of any user come to a group's files, whatever the service's mask is.
    private static func unlock(_ folder: String) throws(WorkerError) {
        guard unsafe chmod(folder, 0o755) == 0 else { throw .system("open to trials", folder) }
    }

    /// Lets the groups in `folder` have limits.
    private static func enable(in folder: String) throws(WorkerError) {
        try ControlFile.write("+memory +pids", to: folder + "/cgroup.subtree_control")
    }

    /// Makes room for groups below `own`, which must hold no processes itself then: this one moves
    /// into a group beside those of its trials.
    private static func delegate(_ own: String) throws(WorkerError) {
        do throws(WorkerError) { return try enable(in: own) } catch {
            let leaf = own + "/worker"
            do throws(WorkerError) {
                try make(leaf)
                try ControlFile.write("0", to: leaf + "/cgroup.procs")
                try enable(in: own)
            } catch {
                // Back to where it was found; where that fails, it is as well in the leaf.
                try? ControlFile.write("0", to: own + "/cgroup.procs")
                unsafe rmdir(leaf)
                throw WorkerError(
                    "\(error); the worker needs a control group of its own with the controllers "
                        + "memory and pids, as systemd gives it with Delegate=yes")
            }
        }
    }

    /// Ends what an earlier worker left, wherever its own group was.
    private static func clear(_ notePath: String, named name: String) {
        for folder in ControlFile.lines(notePath) where folder.hasSuffix("/" + name) {
            // Nothing else may stand in the way of a folder that somebody else wrote to.
            guard unsafe access(folder + "/cgroup.procs", F_OK) == 0 else { continue }
            clear(ControlGroup(folders: [folder], isUnified: true))
        }
    }

    /// How often what was killed is looked for again, and the pause between, in milliseconds.
    private static let looks = 200
    private static let pause: Int32 = 10

    private static func clear(_ base: ControlGroup) {
        for folder in base.folders {
            // A folder that is not there holds nothing.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let groups = names.sorted().map { "\(folder)/\($0)" }.filter {
                unsafe access($0 + "/cgroup.procs", F_OK) == 0
            }.map { ControlGroup(folders: [$0], isUnified: base.isUnified) }
            for group in groups { group.kill() }
            for group in groups {
                var look = 0
                // What cannot be removed is tried again at the next start.
                while !group.remove(), look < looks {
                    look += 1
                    _ = poll(nil, 0, pause)
                }
            }
            unsafe rmdir(folder)
        }
    }
}
