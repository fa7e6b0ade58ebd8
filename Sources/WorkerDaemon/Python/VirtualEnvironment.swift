import Bundles
import FoundationEssentials
import Glibc
package import Processes
import Vocabulary

/// A virtual environment of Python (PEP 405) with the packages of a requirements file, built once
/// on a host and shared by all trials that ask for the same packages.
package struct VirtualEnvironment {
    /// Its folder.
    package let path: String
    /// The file with what is installed.
    let requirements: String
    /// The host's interpreter that it is made with; nil where `uv` has to find one.
    let python: String?

    /// The environment at `path`; see the properties.
    package init(path: String, requirements: String, python: String?) {
        self.path = path
        self.requirements = requirements
        self.python = python
    }

    /// The interpreter in it.
    package var interpreter: String { path + "/bin/python" }

    /// Written last, with the bytes that it takes: an environment without it was not finished.
    var mark: String { path + "/complete" }

    /// The file whose lock its builder has.
    var lockPath: String { path + ".lock" }

    /// Whether it was built before, and its interpreter is still there.
    package var isComplete: Bool {
        unsafe access(mark, F_OK) == 0 && access(interpreter, X_OK) == 0
    }

    /// Builds it with `uv` where that is installed, else with `venv` and `pip`; what they say goes
    /// to the file `log`.
    ///
    /// Packages run code of their own when they are installed: with a `user` as that one, who does
    /// not own what was built afterwards. Whoever calls this has the lock of `lockPath`.
    package func build(
        log: String, as user: SystemUser?, for patience: Patience
    ) throws(EnvironmentProblem) {
        // What is left of an earlier try is of no use; that it cannot be removed shows next.
        try? FolderRemoval.remove(path)
        guard unsafe mkdir(path, 0o755) == 0 else { throw .here("cannot make \(path)") }
        try give(to: user)
        do throws(EnvironmentProblem) {
            try install(log: log, as: user, for: patience)
        } catch {
            // Nothing of it is left to a user who could change it while it is removed; that this
            // failed is worth less than the reason.
            if user != nil { try? give(to: .current) }
            throw error
        }
        if user != nil {
            try give(to: .current)
            // Whatever the service's mask is: trials are to read it.
            guard unsafe chmod(path, 0o755) == 0 else { throw .here("cannot open \(path)") }
        }
        do throws(WorkerError) {
            try LocalFile.write(Array("\(countBytes())\n".utf8), to: mark)
        } catch {
            throw .here("\(error)")
        }
    }

    private func give(to user: SystemUser?) throws(EnvironmentProblem) {
        do throws(WorkerError) { try user?.own(path) } catch { throw .here("\(error)") }
    }

    private func install(
        log: String, as user: SystemUser?, for patience: Patience
    ) throws(EnvironmentProblem) {
        func run(_ program: String, _ arguments: [String]) throws(EnvironmentProblem) {
            try self.run(program, arguments, log, as: user, for: patience)
        }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ProgramSearch.usualPath
        guard ProgramSearch.paths(of: "uv", in: folders).isEmpty else {
            let choice = python.map { ["--python", $0] } ?? []
            try run("uv", ["venv", "--allow-existing"] + choice + [path])
            return try run(
                "uv", ["pip", "install", "--python", interpreter, "-r", requirements])
        }
        try run(python ?? "python3", ["-m", "venv", path])
        try run(
            interpreter,
            [
                "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-r",
                requirements,
            ])
    }

    private func run(
        _ program: String, _ arguments: [String], _ log: String, as user: SystemUser?,
        for patience: Patience
    ) throws(EnvironmentProblem) {
        let status = try BuildCommand.run(program, arguments, log: log, as: user, for: patience)
        guard status != .code(0) else { return }
        let words = TrialOutcome.lastWords(log)
        let message = "\(program) \(arguments.joined(separator: " ")) failed\(words)"
        throw Self.isForEverybody(words) ? .unusable(message) : .here(message)
    }

    /// Whether a message of pip or uv is about the requirements and not about this host.
    private static func isForEverybody(_ words: String) -> Bool {
        [
            "No matching distribution", "no versions of", "No solution found", "DO NOT MATCH",
            "Invalid requirement", "ensurepip is not available", "Hash mismatch",
            "ResolutionImpossible", "Couldn't parse",
        ].contains { words.contains($0) }
    }
}
