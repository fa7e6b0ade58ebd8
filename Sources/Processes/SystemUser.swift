import CLinux
import Glibc

/// A user of the system, as whom a process can run.
package struct SystemUser: Hashable, Sendable {
    /// Its number.
    package var number: UInt32
    /// The number of its group; what runs as this user is in no other.
    package var group: UInt32
    /// The folder of its own; nil for none.
    package var home: String?

    /// The user `number` in `group`.
    package init(number: UInt32, group: UInt32, home: String? = nil) {
        self.number = number
        self.group = group
        self.home = home
    }

    /// The user with that name, in its own group; nil when this host has none.
    package init?(named name: String) {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: 64 * 1024)
        let status = unsafe getpwnam_r(name, &entry, &texts, texts.count, &found)
        guard status == 0, unsafe found != nil else { return nil }
        unsafe self.init(number: entry.pw_uid, group: entry.pw_gid)
        let folder = unsafe String(cString: entry.pw_dir)
        if owns(folder) { home = folder }
    }

    /// The user of this process.
    package static var current: SystemUser { SystemUser(number: geteuid(), group: getegid()) }

    /// Whether `path` is a folder, and this user's; where a link leads does not count.
    package func owns(_ path: String) -> Bool {
        var facts = picoml_facts()
        return unsafe picoml_look(AT_FDCWD, path, 0, &facts) == 0
            && facts.mode & S_IFMT == S_IFDIR && facts.user == number
    }
}
