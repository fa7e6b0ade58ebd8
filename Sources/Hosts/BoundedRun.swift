import CLinux
import Dispatch
import Glibc
import Processes
import Vocabulary

/// A process that is run to its end, with bounds on its time and on what is kept of its words.
struct BoundedRun: ~Copyable {
    /// How it ended.
    struct Ending: Sendable {
        /// The exit code, or minus the number of the signal that ended it.
        var status: Int32 = 0
        /// The beginning of its standard output.
        var output = ""
        /// The end of its standard error.
        var errors = ""
        /// Whether it ended by itself.
        var isInTime = true
    }

    /// Such processes are waited for outside the threads that tasks share, which must not block.
    private static let queue = DispatchQueue(label: "hosts", attributes: .concurrent)
    private static let bufferBytes = 16 * 1024
    /// How often progress is told, in milliseconds.
    private static let turn: Int32 = 250

    private let process: Int32
    private let handle: Int32
    private var streams: [Stream]
    private let file: Int32?

    /// One direction of what it writes.
    private struct Stream {
        let descriptor: Int32
        let keepsBeginning: Bool
        var bytes: [UInt8] = []
        var isOpen = true

        init(_ descriptor: Int32, keepsBeginning: Bool) {
            self.descriptor = descriptor
            self.keepsBeginning = keepsBeginning
        }

        /// Takes what is there without waiting.
        mutating func drain(_ buffer: inout [UInt8]) {
            while isOpen {
                let count = unsafe recv(
                    descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return }
                guard count > 0 else { return isOpen = false }
                bytes += buffer.prefix(count)
                let excess = bytes.count - Limits.hostOutputBytes
                guard excess > 0 else { continue }
                if keepsBeginning { bytes.removeLast(excess) } else { bytes.removeFirst(excess) }
            }
        }
    }

    /// Runs `plan` with three descriptors of its own; see ``SecureShell/run``.
    ///
    /// - Throws: `ProcessError` when it does not start.
    static func run(
        _ plan: ProcessPlan, input: SecureShell.Input, within limit: Duration,
        onProgress: @escaping @Sendable (UInt64) -> Void
    ) async throws -> Ending {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                do throws(ProcessError) {
                    var run = try BoundedRun.start(plan, input)
                    continuation.resume(returning: run.finish(within: limit, onProgress))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private init(process: Int32, streams: [Stream], file: Int32?) {
        self.process = process
        self.streams = streams
        self.file = file
        handle = picoml_pidfd_open(process)
    }

    private static func start(
        _ plan: ProcessPlan, _ input: SecureShell.Input
    ) throws(ProcessError) -> BoundedRun {
        let output = try pair()
        var opened = [output.ours, output.theirs]
        do throws(ProcessError) {
            let errors = try pair()
            opened += [errors.ours, errors.theirs]
            let source = try open(input)
            opened.append(source)
            var plan = plan
            plan.descriptors = [source, output.theirs, errors.theirs]
            // With its own group, whatever it starts to reach the host ends with it.
            plan.leadsGroup = true
            plan.endsWithParent = true
            let process = try plan.start()
            close(output.theirs)
            close(errors.theirs)
            // Its place in the file is the same for both, so it tells how far the other has read.
            var file: Int32?
            if case .file = input { file = source } else { close(source) }
            return BoundedRun(
                process: process,
                streams: [
                    Stream(output.ours, keepsBeginning: true),
                    Stream(errors.ours, keepsBeginning: false),
                ], file: file)
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
    }

    deinit {
        for stream in streams { close(stream.descriptor) }
        if handle >= 0 { close(handle) }
        if let file { close(file) }
    }

    private mutating func finish(
        within limit: Duration, _ onProgress: (UInt64) -> Void
    ) -> Ending {
        var ending = Ending()
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            var waits = streams.map { stream in
                pollfd(
                    fd: stream.isOpen ? stream.descriptor : -1, events: Int16(POLLIN), revents: 0)
            }
            waits.append(pollfd(fd: handle, events: Int16(POLLIN), revents: 0))
            _ = unsafe poll(&waits, nfds_t(waits.count), Self.turn)
            for index in streams.indices { streams[index].drain(&buffer) }
            if let file { onProgress(UInt64(max(0, lseek(file, 0, SEEK_CUR)))) }
            // Not the end of its output: what it left behind in the background may hold that open.
            var status: Int32 = 0
            let found = unsafe waitpid(process, &status, WNOHANG)
            if found == process || (found < 0 && errno != EINTR) {
                for index in streams.indices { streams[index].drain(&buffer) }
                ending.status = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
                ending.output = String(decoding: streams[0].bytes, as: UTF8.self)
                ending.errors = String(decoding: streams[1].bytes, as: UTF8.self)
                return ending
            }
            if clock.now >= deadline {
                ending.isInTime = false
                kill(-process, SIGKILL)
            }
        }
    }

    /// Two connected sockets, closed on exec.
    private static func pair() throws(ProcessError) -> (ours: Int32, theirs: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe picoml_socketpair(&ends) == 0 else {
            throw ProcessError(step: "make a socket", number: errno)
        }
        return (ends[0], ends[1])
    }

    /// What the process is to read.
    private static func open(_ input: SecureShell.Input) throws(ProcessError) -> Int32 {
        switch input {
        case .nothing: return try open("/dev/null")
        case .file(let path): return try open(path)
        case .text(let text):
            let (ours, theirs) = try pair()
            defer { close(ours) }
            let bytes = Array(text.utf8)
            // A short text fits into the socket, whoever reads it and when.
            let sent = unsafe send(
                ours, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            guard sent == bytes.count else {
                close(theirs)
                throw ProcessError(step: "be told what to do", number: errno)
            }
            return theirs
        }
    }

    private static func open(_ path: String) throws(ProcessError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProcessError(step: "open \(path)", number: errno) }
        return descriptor
    }
}
