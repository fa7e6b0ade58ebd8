import CLinux
import Glibc

/// A user of the system, as whom a process can run.
package struct SystemUser: Hashable, Sendable {
    /// Its number.
    package var number: UInt32
    /// The number of its group.
    package var group: UInt32
    /// The numbers of the other groups that it is in, which may own devices and data.
    package var furtherGroups: [UInt32]
    /// The folder of its own; nil for none.
    package var home: String?

    /// The user `number` in `group` and `furtherGroups`.
    package init(
        number: UInt32, group: UInt32, furtherGroups: [UInt32] = [], home: String? = nil
    ) {
        self.number = number
        self.group = group
        self.furtherGroups = furtherGroups
        self.home = home
    }

    /// The user with that name, in its groups; nil when this host has none.
    package init?(named name: String) {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var texts = [CChar](repeating: 0, count: 64 * 1024)
        let status = unsafe getpwnam_r(name, &entry, &texts, texts.count, &found)
        guard status == 0, unsafe found != nil else { return nil }
        unsafe self.init(
            number: entry.pw_uid, group: entry.pw_gid,
            furtherGroups: Self.groups(of: name, in: entry.pw_gid))
        let folder = unsafe String(cString: entry.pw_dir)
        if owns(folder) { home = folder }
    }

    /// The groups of the user `name` besides its own.
    private static func groups(of name: String, in own: UInt32) -> [UInt32] {
        // As many as a process can be in (NGROUPS_MAX).
        var count: Int32 = 65_536
        var groups = [UInt32](repeating: own, count: Int(count))
        guard unsafe getgrouplist(name, own, &groups, &count) >= 0 else { return [] }
        return groups.prefix(Int(count)).filter { $0 != own }
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
