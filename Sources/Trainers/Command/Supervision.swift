import Glibc
import Processes
import Tracking
import Vocabulary

/// Watches a running command: passes on what it says, tells it to stop, and sees how it ends.
struct Supervision: ~Copyable {
    /// How long a command that speaks on its channel may take to end by itself after a stop.
    private static let courtesy = Duration.seconds(5)
    /// More than a pipe or a socket holds, so that nothing of an ended command is left unread.
    private static let finalReads = 32

    private var child: CommandChild
    private let feed: TrackingFeed
    private var curve: Curve
    private var lines = LineBuffer()
    private var output = OutputReader()
    private var hasSpoken = false
    private var isSilent = false
    private var isOutputClosed: Bool
    private var conclusion: TrialProcessMessage?
    private var reason: StopReason?
    private var terminationTime: ContinuousClock.Instant?

    init(_ child: consuming CommandChild, _ feed: TrackingFeed, objective: String) {
        isOutputClosed = child.output == nil
        self.child = child
        self.feed = feed
        curve = Curve(objective: objective)
    }

    /// How a command ended.
    struct End {
        var status: ExitStatus
        /// Its own last word; nil when it had none.
        var conclusion: TrialProcessMessage?
        /// Why it was told to stop; nil when it was not.
        var reason: StopReason?
        /// The last value of each metric.
        var last: [Metric]
    }

    /// Returns when the command has ended.
    ///
    /// Throws, after which the command is ended by force, when it breaks the channel's rules or
    /// nobody is there to work for.
    mutating func run(_ channel: inout TrialChannel) throws(TrialEnd) -> End {
        while try !wait(&channel) {}
        child.accept()
        for _ in 0..<Self.finalReads where !isSilent && !child.isExpected {
            try readChannel(channel)
        }
        for _ in 0..<Self.finalReads where !isOutputClosed { try readOutput(channel) }
        try send(output.endLine(&curve), on: channel)
        try takeTracked(channel)
        return End(
            status: child.reap(), conclusion: conclusion, reason: reason, last: curve.last)
    }

    /// Waits until something happens and deals with it; returns whether the command has ended.
    private mutating func wait(_ channel: inout TrialChannel) throws(TrialEnd) -> Bool {
        let ready = Int16(POLLIN)
        var entries = [
            pollfd(fd: child.processDescriptor, events: ready, revents: 0),
            // A worker that has said its one word can still go away.
            pollfd(fd: channel.descriptor, events: reason == nil ? ready : 0, revents: 0),
            pollfd(fd: isSilent ? -1 : child.channel, events: ready, revents: 0),
            pollfd(fd: isOutputClosed ? -1 : child.output ?? -1, events: ready, revents: 0),
            pollfd(fd: feed.descriptor, events: ready, revents: 0),
        ]
        let count = unsafe poll(&entries, nfds_t(entries.count), millisecondsToTermination)
        if count < 0, errno != EINTR { throw .system("wait for the command") }
        if count > 0 {
            if entries[1].revents != 0 { try hearWorker(&channel) }
            if entries[2].revents != 0 { try readChannel(channel) }
            if entries[3].revents != 0 { try readOutput(channel) }
            if entries[4].revents != 0 { try takeTracked(channel) }
        }
        if let time = terminationTime, ContinuousClock.now >= time {
            child.terminate()
            terminationTime = nil
        }
        return count > 0 && entries[0].revents != 0
    }

    private var millisecondsToTermination: Int32 {
        guard let terminationTime else { return -1 }
        let left = max(.zero, terminationTime - ContinuousClock.now)
        // Rounded up, or the last part of a millisecond would be spent asking again.
        return Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))
    }

    private mutating func hearWorker(_ channel: inout TrialChannel) throws(TrialEnd) {
        do throws(ChannelError) {
            guard reason == nil else { throw ChannelError("the worker closed the channel") }
            guard let word = try channel.stop(within: .zero) else { return }
            reason = word
            try child.tell(word)
        } catch {
            throw .workerGone(error)
        }
        terminationTime = .now + (hasSpoken && !isSilent ? Self.courtesy : .zero)
    }

    private mutating func readChannel(_ channel: borrowing TrialChannel) throws(TrialEnd) {
        guard !child.isExpected else {
            child.accept()
            return
        }
        guard let bytes = Self.read(child.channel, &isSilent) else { return }
        hasSpoken = true
        do throws(ChannelError) {
            for line in try lines.append(bytes) { try take(line, channel) }
        } catch {
            throw .error("the command broke the channel's rules: \(error)")
        }
    }

    private mutating func take(
        _ line: [UInt8], _ channel: borrowing TrialChannel
    ) throws(ChannelError) {
        let message = try ChannelCoding.message(line)
        switch message {
        case .report(let step, let metrics):
            curve.note(metrics, step: step)
            try channel.send(message)
        case .artifact, .checkpoint: try channel.send(message)
        // The last word to the worker is for when the command has really ended.
        case .result, .failure: conclusion = message
        }
    }

    private mutating func readOutput(_ channel: borrowing TrialChannel) throws(TrialEnd) {
        guard let descriptor = child.output,
            let bytes = Self.read(descriptor, &isOutputClosed)
        else { return }
        Self.passOn(bytes)
        try send(output.read(bytes, into: &curve), on: channel)
    }

    private mutating func takeTracked(_ channel: borrowing TrialChannel) throws(TrialEnd) {
        for report in feed.take() {
            try send(curve.take(report.metrics, step: report.step), on: channel)
        }
    }

    private func send(
        _ reports: [Curve.Report], on channel: borrowing TrialChannel
    ) throws(TrialEnd) {
        for report in reports {
            do {
                try channel.send(.report(step: report.step, metrics: report.metrics))
            } catch {
                throw .workerGone(error)
            }
        }
    }

    /// Up to 64 KiB that are there; nil when there is nothing, `isClosed` when nothing will come.
    private static func read(_ descriptor: Int32, _ isClosed: inout Bool) -> ArraySlice<UInt8>? {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { isClosed = true }
        return count > 0 ? bytes.prefix(count) : nil
    }

    /// Writes what the command printed to where it would have gone by itself.
    private static func passOn(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            // A full disk costs the log and not the trial.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
