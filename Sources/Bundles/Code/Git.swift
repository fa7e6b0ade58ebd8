import FoundationEssentials
import Glibc

/// The system's git, with a private folder for what goes in and comes out.
@safe struct Git: ~Copyable {
    /// How one run ended.
    struct Outcome {
        /// The exit status; negative for a signal.
        var status: Int32
        /// What git printed, as far as it was asked for.
        var output: [UInt8]
        /// What git complained about, in English.
        var errors: String
    }

    /// The most bytes of complaints that are worth reading.
    private static let errorBytes = 2048

    let scratch: ScratchFolder
    private let program: String

    init(program: String) throws(BundleError) {
        let scratch = try ScratchFolder()
        try Self.makeEmptyRepository(in: scratch.path)
        self.scratch = scratch
        self.program = program
    }

    private static func makeEmptyRepository(in path: String) throws(BundleError) {
        for folder in ["/git", "/git/objects", "/git/refs", "/blank"] {
            guard unsafe mkdir(path + folder, 0o700) == 0 else {
                throw .system("make", path + folder)
            }
        }
        try LocalBytes.write(Array("ref: refs/heads/main\n".utf8), to: path + "/git/HEAD")
    }

    /// The options for an empty repository in place of the folder's.
    var emptyRepository: String { "--git-dir=\(scratch.path)/git" }
    /// An empty folder.
    var blankFolder: String { scratch.path + "/blank" }
    /// The file with all that the last run printed.
    var outputPath: String { scratch.path + "/output" }

    /// Runs git in `folder` and returns up to `outputLimit` bytes of what it printed.
    ///
    /// - Returns: nil when git is not installed.
    func run(
        _ arguments: [String], in folder: String, input: [UInt8] = [], outputLimit: Int = .max
    ) throws(BundleError) -> Outcome? {
        try LocalBytes.write(input, to: scratch.path + "/input")
        // Neither locks on the repository nor programs that its configuration names.
        let words =
            [
                program, "--no-optional-locks", "-C", folder, "-c", "core.fsmonitor=false", "-c",
                "core.quotePath=false",
            ] + arguments
        guard let status = try spawn(words) else { return nil }
        return Outcome(
            status: status, output: try LocalBytes.read(outputPath, limit: outputLimit),
            errors: String(
                decoding: try LocalBytes.read(scratch.path + "/errors", limit: Self.errorBytes),
                as: UTF8.self))
    }

    /// The output of a run that must succeed with one of `statuses`.
    func output(
        _ arguments: [String], in folder: String, input: [UInt8] = [], outputLimit: Int = .max,
        statuses: [Int32] = [0]
    ) throws(BundleError) -> [UInt8] {
        let outcome = try run(arguments, in: folder, input: input, outputLimit: outputLimit)
        guard let outcome else { throw .missingGit(folder: folder) }
        guard statuses.contains(outcome.status) else { throw Self.failure(arguments, outcome) }
        return outcome.output
    }

    /// Why a run failed.
    static func failure(_ arguments: [String], _ outcome: Outcome) -> BundleError {
        let errors = outcome.errors.split(separator: "\n").joined(separator: " ")
        return .git(
            command: arguments.first { !$0.hasPrefix("-") } ?? "",
            reason: errors.isEmpty ? "status \(outcome.status)" : errors)
    }

    /// Starts git and waits for its end; nil when there is no such program.
    private func spawn(_ words: [String]) throws(BundleError) -> Int32? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        let (input, errors) = (scratch.path + "/input", scratch.path + "/errors")
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
        var process = pid_t()
        let failure = unsafe Self.withCStrings(words) { words in
            unsafe Self.withCStrings(Self.environment) { environment in
                unsafe posix_spawnp(&process, program, &actions, nil, words, environment)
            }
        }
        if failure == ENOENT { return nil }
        guard failure == 0 else {
            throw .system(
                operation: "start", path: program, reason: unsafe String(cString: strerror(failure))
            )
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw .system("wait for", program) }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// The process's environment, with messages in English and without what points git at another
    /// repository, as its hooks do.
    private static var environment: [String] {
        var environment = ProcessInfo.processInfo.environment.filter {
            !$0.key.hasPrefix("GIT_") || $0.key.hasPrefix("GIT_CONFIG_")
        }
        environment["LC_ALL"] = "C"
        return environment.map { "\($0.key)=\($0.value)" }.sorted()
    }

    @unsafe private static func withCStrings(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}

/// Questions that more than one place asks.
extension Git {
    /// Whether `folder` is in the working tree of a repository; nil when git is not installed.
    func isRepository(_ folder: String) throws(BundleError) -> Bool? {
        let arguments = ["rev-parse", "--is-inside-work-tree"]
        guard let outcome = try run(arguments, in: folder) else { return nil }
        if outcome.status == 0 { return outcome.output.starts(with: "true".utf8) }
        // Anything else, such as a repository of another owner, must not look like no repository.
        guard outcome.errors.contains("not a git repository") else {
            throw Self.failure(arguments, outcome)
        }
        return false
    }

    /// The names in a list whose items end in NUL.
    static func names(_ output: [UInt8]) -> [[UInt8]] { output.split(separator: 0).map(Array.init) }
}
