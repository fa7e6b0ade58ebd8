import CLinux
import FoundationEssentials
import Glibc
import Hashing
import Vocabulary

/// A virtual environment of Python (PEP 405) with the packages of a requirements file, built once
/// on a host and shared by all trials that ask for the same packages.
struct VirtualEnvironment {
    /// Its folder.
    let path: String
    private let requirements: String

    /// Why there is none.
    enum Problem: Error {
        /// It can be built nowhere: a package that does not exist, a hash that does not fit.
        case unusable(String)
        /// This host cannot build it now: no interpreter, no network, no space.
        case here(String)
    }

    /// The environment of the requirements file at `path`, below `folder`.
    init(requirements path: String, in folder: String) throws(Problem) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .unusable("the code has no file \(path.split(separator: "/").last ?? "")")
        }
        requirements = path
        self.path = "\(folder)/\(Digest.of([UInt8](bytes)))"
    }

    /// The interpreter in it.
    var interpreter: String { path + "/bin/python" }

    // Written last: an environment without it was not finished.
    private var mark: String { path + "/complete" }
    private var log: String { path + ".log" }

    /// Whether it was built before.
    var isComplete: Bool { unsafe access(mark, F_OK) == 0 }

    /// Builds it with `uv` where that is installed, else with `venv` and `pip`.
    func build() throws(Problem) {
        guard !isComplete else { return }
        // What is left of an earlier try is of no use; that it cannot be removed shows next.
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: log)
        if Self.isInstalled("uv") {
            try run("uv", ["venv", path])
            try run("uv", ["pip", "install", "--python", interpreter, "-r", requirements])
        } else {
            try run("python3", ["-m", "venv", path])
            try run(
                interpreter,
                [
                    "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-r",
                    requirements,
                ])
        }
        guard FileManager.default.createFile(atPath: mark, contents: nil) else {
            throw .here("cannot write \(mark)")
        }
    }

    private static func isInstalled(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return folders.split(separator: ":").contains {
            unsafe access("\($0)/\(program)", X_OK) == 0
        }
    }

    private func run(_ program: String, _ arguments: [String]) throws(Problem) {
        let status: ExitStatus
        do throws(WorkerError) { status = try Self.wait(for: program, arguments, log: log) } catch {
            throw .here("the environment cannot be built: \(error)")
        }
        guard status != .code(0) else { return }
        let words = TrialOutcome.lastWords(log)
        let message = "\(program) \(arguments.joined(separator: " ")) failed\(words)"
        throw Self.isForEverybody(words) ? .unusable(message) : .here(message)
    }

    /// Whether a message of pip or uv is about the requirements and not about this host.
    private static func isForEverybody(_ words: String) -> Bool {
        [
            "No matching distribution", "no versions of", "No solution found", "DO NOT MATCH",
            "Invalid requirement", "Hash mismatch", "ResolutionImpossible", "Couldn't parse",
        ].contains { words.contains($0) }
    }

    private static func wait(
        for program: String, _ arguments: [String], log: String
    ) throws(WorkerError) -> ExitStatus {
        let own = ProcessInfo.processInfo.environment
        // The names under which people say how packages are reached from a host.
        let names = [
            "PATH", "HOME", "LANG", "LC_ALL", "http_proxy", "https_proxy", "no_proxy",
            "SSL_CERT_FILE", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "PIP_CERT", "UV_INDEX_URL",
            "UV_DEFAULT_INDEX",
        ]
        let values = names.compactMap { name in own[name].map { (name, $0) } }
        let pair = try ChannelPair()
        let process = try Spawn(
            program: program, arguments: [program] + arguments,
            environment: Dictionary(values) { first, _ in first }, folder: nil, log: log,
            channel: pair.theirs
        ).start()
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ExitStatus(waitStatus: status)
    }
}
