import CLinux
import Glibc
package import Processes

/// What a user has to do with trials that run as this one.
extension SystemUser {
    /// The user of this host with that name, as whom trials are to run.
    ///
    /// - Throws: `WorkerError` when there is none, or it would be no other than the worker's.
    package static func ofTrials(named name: String) throws(WorkerError) -> SystemUser {
        guard let user = SystemUser(named: name) else {
            throw WorkerError("this host has no user \(name): useradd --system \(name)")
        }
        guard user.number != 0 else { throw WorkerError("trials cannot run as root for safety") }
        guard user.number != geteuid() else {
            throw WorkerError("\(name) is who the worker runs as: trials are to be somebody else")
        }
        return user
    }

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
                facts.user == number
                ? 0o100 : ([group] + furtherGroups).contains(facts.group) ? 0o010 : 0o001
            guard facts.mode & bit != 0 else {
                throw WorkerError(
                    "trials run as user \(number), who may not enter \(place): chmod o+x \(place), "
                        + "or give the worker another folder with --state (for environments of "
                        + "Python, with the variable PICOML_CACHE)")
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
