import Logging
import Processes
import Synchronization
import Vocabulary
import ZeroMQ

/// The thread that looks after what trials take: it measures the folders of those that run, frees
/// the starts of long logs, and removes the control groups of those that ended, for which
/// the kernel needs a moment.
struct LimitsLoop: ~Copyable {
    private let queue: LimitsQueue
    private let folder: WorkerFolder
    private let inbox: WorkerInbox
    private let logger: Logger
    private var sizes: [AttemptID: FolderSize] = [:]

    /// Between two looks at the folders.
    private static let pause = Duration.seconds(1)
    /// Between two tries to remove groups.
    private static let shortPause = Duration.milliseconds(20)
    /// Files that one look at a folder counts: a few milliseconds of work.
    static let entriesPerLook = 20_000
    /// Tries after which a group is left to the next start of the worker.
    private static let tries = 500

    init(queue: LimitsQueue, folder: WorkerFolder, inbox: WorkerInbox, logger: Logger) {
        self.queue = queue
        self.folder = folder
        self.inbox = inbox
        self.logger = logger
    }

    mutating func run() {
        var poller = Poller()
        _ = poller.add(queue.wakeUp)
        var nextLook = HostClock.now()
        while !queue.isStopping {
            removeGroups()
            if HostClock.now() >= nextLook {
                measure()
                nextLook = HostClock.now() + Self.pause
            }
            // A poll fails only when the process is leaving.
            guard (try? poller.poll(timeout: pause)) != nil else { return }
            _ = queue.wakeUp.drain()
        }
    }

    private var pause: Duration? {
        if queue.hasGroups { return Self.shortPause }
        return queue.isDormant() ? nil : Self.pause
    }

    private func removeGroups() {
        for abandoned in queue.groups {
            // Again, because a process may have joined while the others were ended.
            abandoned.group.kill()
            if abandoned.group.remove() {
                queue.forget(abandoned.group)
            } else if abandoned.tries >= Self.tries {
                queue.forget(abandoned.group)
                let folders = abandoned.group.folders.joined(separator: ", ")
                logger.warning("processes cannot be ended in the control group \(folders)")
            }
        }
    }

    private mutating func measure() {
        TrialLog.trim(WorkerFolder.warmLogName, in: folder.path, owner: nil)
        let watched = queue.watched
        sizes = sizes.filter { watched[$0.key] != nil }
        for (attempt, folder) in watched.sorted(by: { $0.key < $1.key }) {
            TrialLog.trim(in: folder.path, owner: folder.owner)
            guard let limit = folder.limit else { continue }
            let bytes = sizes[attempt, default: FolderSize(folder.path)].measure(
                entries: Self.entriesPerLook, limit: limit)
            guard let bytes, bytes > limit else { continue }
            queue.tell(attempt)
            inbox.wakeUp.signal()
        }
    }
}

/// What the thread for limits is to look after, and what it found.
final class LimitsQueue: Sendable {
    /// A folder of a running trial.
    struct Folder: Sendable {
        let path: String
        /// The most bytes that it may take; nil for no limit.
        let limit: UInt64?
        /// Whose files count as the trial's; nil for the worker's own user.
        let owner: SystemUser?
    }

    /// A group of a trial that ended.
    struct Abandoned: Sendable {
        let group: ControlGroup
        var tries: Int
    }

    private struct State {
        var watched: [AttemptID: Folder] = [:]
        var oversized: [AttemptID] = []
        var groups: [Abandoned] = []
        // Nobody looks again until there is a sign.
        var isDormant = false
        var isStopping = false
    }

    /// Raised when there is something to do.
    let wakeUp: WakeUp
    private let state = Mutex(State())

    init() throws(ZeroMQError) { wakeUp = try WakeUp() }

    var isStopping: Bool { state.withLock { $0.isStopping } }
    var hasGroups: Bool { state.withLock { !$0.groups.isEmpty } }
    var watched: [AttemptID: Folder] { state.withLock { $0.watched } }

    /// The groups to remove; each look at them counts as a try.
    var groups: [Abandoned] {
        state.withLock { state in
            for index in state.groups.indices { state.groups[index].tries += 1 }
            return state.groups
        }
    }

    /// Whether there is nothing to look at; from then on a folder to watch is a sign.
    func isDormant() -> Bool {
        state.withLock { state in
            state.isDormant = state.watched.isEmpty
            return state.isDormant
        }
    }

    /// Begins to watch the folder of an execution; who looks every second sees it by itself.
    func watch(_ attempt: AttemptID, _ folder: Folder) {
        let isSign = state.withLock { state in
            state.watched[attempt] = folder
            defer { state.isDormant = false }
            return state.isDormant
        }
        if isSign { wakeUp.signal() }
    }

    /// Ends that.
    func leave(_ attempt: AttemptID) {
        state.withLock { state in
            state.watched[attempt] = nil
            state.oversized.removeAll { $0 == attempt }
        }
    }

    /// Says that a folder is too large.
    func tell(_ attempt: AttemptID) {
        state.withLock { state in
            guard state.watched.removeValue(forKey: attempt) != nil else { return }
            state.oversized.append(attempt)
        }
    }

    /// The executions whose folders became too large since it was last asked.
    func takeOversized() -> [AttemptID] {
        state.withLock { state in
            defer { state.oversized.removeAll() }
            return state.oversized
        }
    }

    /// Takes over a group whose processes were killed.
    func abandon(_ group: ControlGroup) {
        state.withLock { $0.groups.append(Abandoned(group: group, tries: 0)) }
        wakeUp.signal()
    }

    func forget(_ group: ControlGroup) {
        state.withLock { $0.groups.removeAll { $0.group == group } }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }
}
