import FoundationEssentials
import Glibc
import Hashing
package import Processes
package import Vocabulary

/// The virtual environments of a host, shared by the workers that run as one user.
package struct EnvironmentFolder: Sendable {
    /// Its path.
    package let path: String

    /// The folder below `cache`, made for its owner alone when it is missing.
    ///
    /// - Throws: `WorkerError` when somebody else owns it, who could change what trials import.
    package init(cache: String) throws(WorkerError) {
        path = cache + "/environments"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw WorkerError("cannot make the folder \(path): \(error)")
        }
        var facts = stat()
        guard unsafe lstat(path, &facts) == 0 else { throw .system("look at", path) }
        guard facts.st_mode & S_IFMT == S_IFDIR, facts.st_uid == geteuid(),
            facts.st_mode & (S_IWGRP | S_IWOTH) == 0
        else {
            throw WorkerError(
                "others can write \(path): set PICOML_CACHE to a folder that belongs to the "
                    + "worker's user alone")
        }
    }

    /// Lets trials that run as `user` read the environments.
    ///
    /// - Throws: `WorkerError` that names a folder above that `user` cannot enter.
    package func handOver(to user: SystemUser) throws(WorkerError) {
        guard unsafe chmod(path, 0o755) == 0 else { throw .system("open to trials", path) }
        let cache = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
        var facts = stat()
        if unsafe lstat(cache, &facts) == 0, facts.st_uid == geteuid() {
            // To pass through, not to look around; the check below says when that did not do.
            _ = unsafe chmod(cache, facts.st_mode & 0o7777 | 0o011)
        }
        try user.checkReach(of: path)
    }

    /// The environment that a lease asks for, whose code lies unpacked in the folder `code`; nil
    /// when it asks for none.
    package func environment(
        for lease: Lease, code: String
    ) throws(EnvironmentProblem) -> VirtualEnvironment? {
        guard case .requirements(let file) = lease.program?.environment, let digest = lease.code
        else { return nil }
        let requirements = "\(code)/\(file)"
        guard let bytes = FileManager.default.contents(atPath: requirements) else {
            throw .unusable("the code has no file \(file)")
        }
        let python = HostPython.find()
        var key = "\(python?.identity ?? "")\n"
        // What those files hold is known by the code they came with.
        if Self.namesFiles(bytes) { key += "\(digest)/\(file)\n" }
        return VirtualEnvironment(
            path: "\(path)/\(Digest.of(Array(key.utf8) + bytes))", requirements: requirements,
            python: python?.path)
    }

    /// Whether a requirements file names other files of the code: further lists (`-r`), constraints
    /// (`-c`), packages in folders (`-e`, `./package`) or archives.
    ///
    /// Format: pip's user guide, "Requirements File Format".
    package static func namesFiles(_ requirements: some Sequence<UInt8>) -> Bool {
        let text = String(decoding: Array(requirements), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).contains { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { return false }
            // The other options of such a file begin with `--`, and say where packages come from.
            if first.hasPrefix("-"), !first.hasPrefix("--") { return true }
            if ["--requirement", "--constraint", "--editable"].contains(where: first.hasPrefix) {
                return true
            }
            return words.contains { word in
                word.hasPrefix(".") || word.hasPrefix("/") || word.hasPrefix("file:")
                    || [".whl", ".tar.gz", ".zip"].contains(where: word.hasSuffix)
            }
        }
    }
}

/// The interpreter of a host that environments are made with.
struct HostPython {
    /// Where it is, with no links left in its path.
    let path: String
    /// Changes whenever another version is installed there.
    let identity: String

    /// The `python3` that the worker finds; nil when there is none.
    static func find() -> HostPython? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ProgramSearch.usualPath
        guard let found = ProgramSearch.paths(of: "python3", in: folders).first,
            let real = unsafe realpath(found, nil)
        else { return nil }
        defer { unsafe free(real) }
        let path = unsafe String(cString: real)
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        return HostPython(
            path: path, identity: "\(path) \(facts.st_size) \(facts.st_mtim.tv_sec)")
    }
}
