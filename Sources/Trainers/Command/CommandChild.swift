import CLinux
import Glibc
import Processes
import Vocabulary

/// The running command, as its supervisor sees it.
struct CommandChild: ~Copyable {
    /// The descriptor under which a command finds its channel.
    static let channelDescriptor: Int32 = 3

    /// Becomes readable when it has ended.
    let processDescriptor: Int32
    /// The supervisor's end of its channel, or what waits for its connection.
    private(set) var channel: Int32
    /// Whether it has yet to connect to its channel.
    private(set) var isExpected: Bool
    /// What it prints; nil when that goes straight to the log.
    let output: Int32?
    private let process: pid_t
    private var isReaped = false

    private init(process: pid_t, channel: Int32, isExpected: Bool, output: Int32?) {
        self.process = process
        self.channel = channel
        self.isExpected = isExpected
        self.output = output
        processDescriptor = picoml_pidfd_open(process)
        _ = fcntl(channel, F_SETFL, O_NONBLOCK)
        if let output { _ = fcntl(output, F_SETFL, O_NONBLOCK) }
    }

    /// Starts `words` in `folder`.
    ///
    /// All variables of its environment are given; `PATH` among them is searched for the program.
    /// With `readsOutput` its standard output is to be read. With a `channelFolder` its channel is
    /// a socket there.
    static func start(
        _ words: [String], in folder: String, environment: [String: String], readsOutput: Bool,
        channelFolder: String? = nil
    ) throws(TrialEnd) -> CommandChild {
        var pair: [Int32] = [-1, -1]
        if let channelFolder {
            pair[0] = try ChannelSocket.listen(in: channelFolder)
        } else {
            guard unsafe picoml_socketpair(&pair) == 0 else { throw .system("make a channel") }
        }
        defer { if pair[1] >= 0 { close(pair[1]) } }
        var pipe: [Int32] = [-1, -1]
        if readsOutput, unsafe Glibc.pipe(&pipe) != 0 {
            close(pair[0])
            throw .system("make a pipe")
        }
        defer { if readsOutput { close(pipe[1]) } }
        let process: pid_t
        do throws(TrialEnd) {
            process = try spawn(
                words, in: folder, environment: environment,
                channel: channelFolder == nil ? pair[1] : nil,
                output: readsOutput ? pipe[1] : nil)
        } catch {
            close(pair[0])
            if readsOutput { close(pipe[0]) }
            throw error
        }
        let child = CommandChild(
            process: process, channel: pair[0], isExpected: channelFolder != nil,
            output: readsOutput ? pipe[0] : nil)
        // Its end would never be noticed.
        guard child.processDescriptor >= 0 else { throw .system("watch the command") }
        return child
    }

    deinit {
        if !isReaped {
            kill(process, SIGKILL)
            var status: Int32 = 0
            while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
        close(processDescriptor)
        close(channel)
        if let output { close(output) }
    }

    /// Takes its connection, if it has connected.
    mutating func accept() {
        guard isExpected, let connection = ChannelSocket.accept(channel) else { return }
        close(channel)
        channel = connection
        isExpected = false
    }

    /// Asks it to end with SIGTERM.
    func terminate() {
        // Its number is its own as long as nobody has waited for it.
        if !isReaped { kill(process, SIGTERM) }
    }

    /// Tells it on its channel why it is to end; one that does not read there hears the signal.
    func tell(_ reason: StopReason) throws(ChannelError) {
        guard !isExpected else { return }
        let line = try ChannelCoding.line(forStop: reason)
        _ = unsafe send(channel, line, line.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    /// Collects it after its end, or waits for that.
    mutating func reap() -> ExitStatus {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        return ExitStatus(waitStatus: status)
    }
}

extension TrialEnd {
    /// A system call that failed; `action` is what it was to do.
    static func system(_ action: String) -> TrialEnd {
        .error("The worker's host cannot \(action): \(unsafe String(cString: strerror(errno)))")
    }
}
