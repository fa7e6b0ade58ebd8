import CLinux
import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// A program of the host that is asked something and is not trusted to answer.
struct HostQuery {
    /// The program's path.
    var program: String
    /// What follows its name.
    var arguments: [String]
    /// How long it may take.
    var limit: Duration

    // More than any answer that makes sense.
    private static let outputBytes = 256 * 1024

    /// Why there is no answer.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// What it prints to standard output; whatever it started ends.
    func answer() throws(Problem) -> String {
        var ends: [Int32] = [-1, -1]
        guard unsafe picoml_socketpair(&ends) == 0 else {
            throw problem("it cannot be listened to")
        }
        defer { close(ends[0]) }
        let process: pid_t
        do throws(Problem) { process = try start(output: ends[1]) } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        let deadline = HostClock.now() + limit
        let output = listen(to: ends[0], until: deadline)
        let status = end(process, by: output == nil ? HostClock.now() : deadline)
        guard let output else { throw problem("it says too much, or takes longer than \(limit)") }
        let text = String(decoding: output, as: UTF8.self)
        guard status == .code(0) else {
            let line = text.split(separator: "\n").first.map { ": \($0.prefix(200))" } ?? ""
            throw problem("it fails\(line)")
        }
        return text
    }

    private func problem(_ text: String) -> Problem { Problem(description: "\(program): \(text)") }

    private func start(output: Int32) throws(Problem) -> pid_t {
        let nothing = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
        guard nothing >= 0 else { throw problem("it cannot be started") }
        defer { close(nothing) }
        let own = ProcessInfo.processInfo.environment
        var environment = ["LC_ALL": "C"]
        for name in ["PATH", "LD_LIBRARY_PATH"] { environment[name] = own[name] }
        var plan = ProcessPlan(
            program: program, arguments: [program] + arguments, environment: environment,
            folder: nil, descriptors: [nothing, output, nothing])
        plan.leadsGroup = true
        plan.endsWithParent = true
        do throws(ProcessError) { return try plan.start() } catch {
            throw problem("it cannot be started: \(error)")
        }
    }

    /// All that comes from `descriptor`; nil when it is too much or too late.
    private func listen(to descriptor: Int32, until deadline: Instant) -> [UInt8]? {
        var output: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 16 * 1024)
        while output.count <= Self.outputBytes, wait(for: descriptor, until: deadline) {
            let count = unsafe read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? output : nil }
            output += bytes.prefix(count)
        }
        return nil
    }

    /// Lets a process end by itself until `deadline`, then by force.
    private func end(_ process: pid_t, by deadline: Instant) -> ExitStatus {
        let descriptor = picoml_pidfd_open(process)
        if descriptor >= 0 {
            _ = wait(for: descriptor, until: deadline)
            close(descriptor)
        }
        // Before it is collected: its number may belong to another one afterwards.
        _ = kill(-process, SIGKILL)
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return ExitStatus(waitStatus: status)
    }

    /// Whether there is something at `descriptor` before `deadline`.
    private func wait(for descriptor: Int32, until deadline: Instant) -> Bool {
        while true {
            let rest = max(deadline - HostClock.now(), .zero)
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&entry, 1, Int32(clamping: rest.nanoseconds / 1_000_000))
            guard count < 0, errno == EINTR else { return count > 0 }
        }
    }
}
