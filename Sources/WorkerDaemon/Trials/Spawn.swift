import Glibc
import Processes

/// How a worker starts a process: in a session and process group of its own, with nothing of the
/// worker's but what is named here.
struct Spawn {
    /// The program: a path, or a name that is looked for in `PATH`.
    var program: String
    /// Its arguments, its own name first.
    var arguments: [String]
    /// Its whole environment.
    var environment: [String: String]
    /// Where it starts; nil for where the worker is.
    var folder: String?
    /// The file that standard output and error are added to.
    var log: String
    /// The descriptor that it finds as number 3.
    var channel: Int32
    /// The mask for the modes of files that it makes: by default they are for its user alone.
    var fileMask: mode_t = 0o077
    /// Whether it and what it starts keep to the privileges that they have.
    ///
    /// Engines of containers cannot do without more.
    var keepsPrivileges = true
    /// The control group that it joins; nil for none.
    var group: ControlGroup?
    /// What it may take.
    var limits: [ProcessPlan.ResourceLimit] = []
    /// The CPUs that it runs on; none for all of the worker.
    var cores: [UInt32] = []
    /// Who it runs as; nil for the worker's own user.
    var user: SystemUser?

    /// Starts it and returns its process number.
    func start() throws(WorkerError) -> pid_t {
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { throw .system("open", "/dev/null") }
        defer { close(nothing) }
        let log = try Self.openLog(log)
        defer { close(log) }
        var environment = environment
        // The worker's own is closed to others.
        if let user { environment["HOME"] = user.home }
        let searched = environment["PATH"] ?? ProgramSearch.usualPath
        var plan = ProcessPlan(
            program: program, arguments: arguments, environment: environment, folder: folder,
            descriptors: [nothing, log, log, channel])
        plan.groupFiles = group?.entrances ?? []
        plan.limits = limits
        plan.cores = cores
        plan.fileMask = fileMask
        plan.leadsSession = true
        plan.endsWithParent = true
        plan.keepsPrivileges = keepsPrivileges
        plan.user = user
        var problem = ProcessError(step: "start", number: ENOENT)
        for path in ProgramSearch.paths(of: program, in: searched) {
            plan.program = path
            do throws(ProcessError) { return try plan.start() } catch { problem = error }
            // As execvp(3) has it: what this user may not execute is passed over.
            guard problem.number == EACCES else { break }
        }
        throw WorkerError("cannot start \(program): \(problem)")
    }

    /// Opens a log to add to it; it may lie where a trial can put links.
    static func openLog(_ path: String) throws(WorkerError) -> Int32 {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let log = unsafe open(path, flags, 0o600)
        guard log >= 0 else { throw .system("make", path) }
        return log
    }

    /// The number under which a process finds its channel.
    static let channelDescriptor: Int32 = 3
}
