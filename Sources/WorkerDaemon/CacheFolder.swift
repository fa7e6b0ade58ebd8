import FoundationEssentials
import Glibc
import Processes

/// Where workers of one host keep what they share.
enum CacheFolder {
    /// The folder that the variables `environment` of the process ask for.
    ///
    /// `PICOML_CACHE`; what a service gets from systemd (systemd.exec(5), `CacheDirectory=`);
    /// `/var/cache/picoml` for root, whose trials may run as another user and must be able to read
    /// it; else `picoml` in the user's folder for caches (XDG Base Directory Specification).
    static func usual(of environment: [String: String]) -> String {
        func named(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        // What a person says counts; the standard has its own variables ignored when relative.
        if let own = environment["PICOML_CACHE"], !own.isEmpty {
            return own.hasPrefix("/") ? own : FileManager.default.currentDirectoryPath + "/" + own
        }
        if let own = named("CACHE_DIRECTORY") { return String(own.prefix { $0 != ":" }) }
        guard geteuid() != 0, let home = named("HOME") else { return "/var/cache/picoml" }
        return (named("XDG_CACHE_HOME") ?? home + "/.cache") + "/picoml"
    }

    /// The folder in `cache` for what programs of `user` keep from one trial to the next, such as
    /// models that they fetched; made when it is missing.
    ///
    /// - Throws: `WorkerError` when it cannot be made or belongs to somebody else.
    static func home(of user: SystemUser, in cache: String) throws(WorkerError) -> String {
        let path = "\(cache)/home-\(user.number)"
        if unsafe mkdir(path, 0o700) == 0 {
            guard unsafe lchown(path, user.number, user.group) == 0 else {
                throw .system("hand over", path)
            }
        } else if errno != EEXIST {
            throw .system("make", path)
        }
        guard user.owns(path) else {
            throw WorkerError("\(path) is no folder of user \(user.number): remove it")
        }
        return path
    }
}
