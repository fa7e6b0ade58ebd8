import CLinux
import Glibc
import Processes

/// Who trials run as when it is not the worker's own user.
package struct TrialUser: Hashable, Sendable {
    /// Its number.
    package var number: UInt32
    /// The number of its group; trials are in no other.
    package var group: UInt32

    /// The user `number` in `group`.
    package init(number: UInt32, group: UInt32) {
        self.number = number
        self.group = group
    }

    /// The user of this host with that name, in its own group.
    package init(named name: String) throws(WorkerError) {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: 64 * 1024)
        let status = unsafe getpwnam_r(name, &entry, &texts, texts.count, &found)
        guard status == 0, unsafe found != nil else {
            throw WorkerError("this host has no user \(name): useradd --system \(name)")
        }
        unsafe self.init(number: entry.pw_uid, group: entry.pw_gid)
    }

    /// The same for a process that is started.
    var ofProcess: ProcessPlan.User { ProcessPlan.User(number: number, group: group) }

    /// Checks that the user can reach `folder` through those above it.
    ///
    /// - Throws: `WorkerError` that names the first folder in the way.
    package func checkReach(of folder: String) throws(WorkerError) {
        var path = ""
        for part in [""] + folder.split(separator: "/").dropLast().map({ "/\($0)" }) {
            path += part
            let place = path.isEmpty ? "/" : path
            var facts = picoml_facts()
            guard unsafe picoml_look(AT_FDCWD, place, 1, &facts) == 0 else {
                throw .system("look at", place)
            }
            let bit: UInt32 =
                facts.user == number ? 0o100 : facts.group == group ? 0o010 : 0o001
            guard facts.mode & bit != 0 else {
                throw WorkerError(
                    "trials run as user \(number), who may not enter \(place): chmod o+x \(place), "
                        + "or give the worker another folder with --state")
            }
        }
    }

    /// Hands over everything in `folder`, then the folder itself.
    ///
    /// For folders that nobody else can enter yet.
    func own(_ folder: String) throws(WorkerError) {
        let scan = try FolderScan(folder)
        while let entry = scan.next() {
            guard
                unsafe fchownat(
                    entry.folder, entry.name, number, group, AT_SYMLINK_NOFOLLOW) == 0
            else { throw .system("hand over what is in", folder) }
        }
        guard unsafe lchown(folder, number, group) == 0 else { throw .system("hand over", folder) }
    }
}
