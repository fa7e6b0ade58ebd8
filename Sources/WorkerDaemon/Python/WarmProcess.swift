import CLinux
import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// A Python process that has imported the user's module once and forks a process for each trial,
/// or runs one trial after the other itself.
///
/// Importing scikit-learn takes seconds; a fork takes milliseconds.
package final class WarmProcess {
    /// What makes two trials fit into one warm process.
    struct Key: Hashable {
        let codePath: String
        let entry: String
        let isReused: Bool
        let interpreter: String
        let cpus: UInt32
        // What the user's module finds when it is imported is what its trials have.
        let devices: [Device]
        // Of what trials take one after the other, the limits are those of the process.
        let memoryBytes: UInt64?
        let diskBytes: UInt64?

        init?(_ request: TrialRequest) {
            guard case .python(let entry, let isReused) = request.lease.program?.action,
                let codePath = request.codePath, request.container == nil
            else { return nil }
            self.codePath = codePath
            self.entry = entry
            self.isReused = isReused
            interpreter = request.interpreter
            cpus = request.lease.cpus
            devices = request.devices
            memoryBytes = isReused ? request.lease.memoryBytes : nil
            diskBytes = isReused ? request.lease.diskBytes : nil
        }
    }

    /// What became of a trial that it was to serve.
    enum News {
        /// It ended.
        case ended(TrialChild, ExitStatus)
        /// It never started: the module cannot be forked, or its process was ended before.
        case unserved(TrialChild, reason: String)
    }

    private enum State {
        case loading
        case ready
        /// The module cannot be forked.
        case unforkable(String)
        case gone
    }

    /// Whose fault its end is.
    private enum Blame {
        /// The code's, which cannot be loaded or breaks the rules.
        case code(String)
        /// That of the trial that ran in this very process.
        case trial
        /// None of its trials', as when the host's memory ran out.
        case nobody(String)
    }

    /// A trial that it serves.
    private struct Service {
        let child: TrialChild
        /// The group of its process, once that is known.
        var group: pid_t?
    }

    private struct Waiting {
        let number: UInt32
        let packet: [UInt8]
        let channel: Int32
        let log: Int32
    }

    let key: Key
    /// Becomes readable when it says something or ends.
    let descriptor: Int32
    /// Its control group; forked trials have others.
    let group: ControlGroup?
    /// Folders for its next trials, if it runs one after the other.
    let spares: SpareFolders?
    private let confinement: Confinement
    private let process: pid_t
    private let logPath: String
    private var state = State.loading
    private var services: [UInt32: Service] = [:]
    private var waiting: [Waiting] = []
    private var nextNumber: UInt32 = 1
    /// When a trial was last given to it or ended.
    private(set) var lastUse: Instant

    /// Starts the interpreter and has it load the module; no other warm process of this worker has
    /// the same `number`.
    init(
        _ request: TrialRequest, key: Key, logPath: String, number: Int, confinement: Confinement
    ) throws(WorkerError) {
        self.key = key
        spares = key.isReused ? SpareFolders() : nil
        self.confinement = confinement
        self.logPath = logPath
        lastUse = HostClock.now()
        var pair: [Int32] = [-1, -1]
        guard unsafe picoml_packet_socketpair(&pair) == 0 else {
            throw .system("make", "a channel")
        }
        defer { Glibc.close(pair[1]) }
        do throws(WorkerError) {
            group = try confinement.groups?.make("warm-\(number)", memoryBytes: key.memoryBytes)
        } catch {
            Glibc.close(pair[0])
            throw error
        }
        do throws(WorkerError) {
            process = try Spawn(
                program: request.interpreter, arguments: ["python3", "-m", "picoml._warm"],
                environment: TrialEnvironment.ofWarmProcess(request), folder: key.codePath,
                log: logPath, channel: pair[1], group: group,
                limits: key.isReused
                    ? confinement.limits(of: request.lease, isGrouped: group != nil) : [],
                user: confinement.user
            ).start()
        } catch {
            Glibc.close(pair[0])
            if let group { confinement.abandon(group) }
            throw error
        }
        descriptor = pair[0]
        let load = WarmOrder.Load.Content(
            entry: key.entry, codePath: key.codePath, isReused: key.isReused)
        let packet = try WarmOrder.packet(WarmOrder.Load(load: load))
        // Should it have ended already, that is noticed when it is read from.
        _ = unsafe Glibc.send(descriptor, packet, packet.count, Int32(MSG_NOSIGNAL))
    }

    deinit {
        end()
        spares?.close()
        Glibc.close(descriptor)
        if let group { confinement.abandon(group) }
    }

    /// Whether it could take a trial now or when it has loaded the module.
    var isAvailable: Bool {
        if case .gone = state { return false }
        guard !isSpent else { return false }
        return !key.isReused || services.isEmpty
    }

    /// Whether it serves no trial.
    var isIdle: Bool { services.isEmpty }

    /// Whether it ended although nobody here wanted that, and although its code can be loaded.
    private(set) var hasDied = false
    /// Whether a trial came to its end in it.
    private(set) var hasServed = false

    /// Why the module cannot be forked; nil when it can or is not loaded yet.
    var unforkableReason: String? {
        if case .unforkable(let reason) = state { return reason }
        return nil
    }

    /// Gives it a trial, which starts once the module is loaded.
    func start(
        _ child: TrialChild, _ request: TrialRequest, channel: Int32, limits: TrialLimits
    ) throws(WorkerError) {
        if spares?.take(as: request.directory) == true {
            if confinement.user != nil { try TrialFolder.openInputs(of: request) }
        } else {
            try TrialFolder.prepare(request, for: confinement.user)
        }
        let number = nextNumber
        nextNumber &+= 1
        lastUse = HostClock.now()
        var description = request.description
        if !key.isReused { description.limits = limits }
        let packet = try WarmOrder.packet(
            WarmOrder.Start(start: .init(id: number, request: description)))
        let log = try Spawn.openLog(request.directory + "/" + TrialChild.logName)
        services[number] = Service(child: child)
        guard case .ready = state else {
            waiting.append(
                Waiting(
                    number: number, packet: packet,
                    channel: fcntl(channel, F_DUPFD_CLOEXEC, 0), log: log))
            return
        }
        defer { Glibc.close(log) }
        guard send(packet, channel: channel, log: log) else {
            services[number] = nil
            throw .system("give a trial to", "the process that loaded \(key.entry)")
        }
    }

    private func send(_ packet: [UInt8], channel: Int32, log: Int32) -> Bool {
        unsafe picoml_send_descriptors(
            descriptor, packet, packet.count, [channel, log], 2) == packet.count
    }

    /// Takes what it said, and what follows for the trials that it serves.
    func read() -> [News] {
        var news: [News] = []
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return news }
            guard count > 0 else { return news + abandon(saying: nil) }
            // Anyone's code runs in that process: what is no message is not believed.
            guard
                let message = try? JSONDecoder().decode(
                    WarmMessage.self, from: Data(bytes.prefix(count)))
            else { return news + abandon(saying: "it broke the rules of its socket") }
            news += take(message)
        }
    }

    private func take(_ message: WarmMessage) -> [News] {
        if let loaded = message.loaded {
            guard loaded.fork || key.isReused else { return refuse(loaded.reason ?? "unknown") }
            state = .ready
            return startWaiting()
        }
        if let broken = message.broken { return abandon(saying: broken.message) }
        if let started = message.started, let service = services[started.id], started.pid > 1 {
            // Anyone's code runs there: only a process that it forked is ended in its name, and no
            // other comes into its session. One that ended meanwhile is nobody's, and its number
            // may soon be another's.
            guard getsid(started.pid) == process else { return [] }
            services[started.id]?.group = started.pid
            if service.child.wasKilled { _ = Glibc.kill(-started.pid, SIGKILL) }
        }
        if let ended = message.ended, let service = services.removeValue(forKey: ended.id) {
            if let group = service.group { _ = Glibc.kill(-group, SIGKILL) }
            lastUse = HostClock.now()
            hasServed = true
            return [.ended(service.child, ExitStatus(waitStatus: ended.status))]
        }
        return []
    }

    private func startWaiting() -> [News] {
        for start in waiting {
            // Should it fail, the process is gone, which is noticed next.
            _ = send(start.packet, channel: start.channel, log: start.log)
        }
        forgetWaiting()
        return []
    }

    private func refuse(_ reason: String) -> [News] {
        state = .unforkable(reason)
        forgetWaiting()
        let children = takeChildren()
        end()
        return children.map { .unserved($0, reason: reason) }
    }

    /// The process is of no use any more: its trials end with it.
    private func abandon(saying message: String?) -> [News] {
        if case .unforkable = state { return [] }
        let wasLoading = isLoading
        state = .gone
        forgetWaiting()
        let status = end()
        // Without a control group, what its trials started has nobody else to end it.
        for service in services.values { if let group = service.group { signal(group, SIGKILL) } }
        let blame = blame(for: status, saying: message, wasLoading: wasLoading)
        if case .nobody = blame, !isSpent { hasDied = true }
        return takeChildren().map { child in
            guard !child.wasKilled else { return .ended(child, status) }
            switch blame {
            case .nobody(let reason) where wasLoading && !child.wasTerminated:
                return .unserved(child, reason: reason)
            case .nobody(let reason): child.giveBack(reason)
            case .code(let reason): child.conclude(.badCode, reason)
            case .trial: break
            }
            return .ended(child, status)
        }
    }

    private func blame(
        for status: ExitStatus, saying message: String?, wasLoading: Bool
    ) -> Blame {
        if let message { return .code(message) }
        let reason = status.sentence + TrialOutcome.lastWords(logPath)
        let isKilled = if case .signal = status { !status.isCrash } else { false }
        if wasLoading, !isKilled { return .code("the code could not be loaded: \(reason)") }
        guard wasLoading || !key.isReused else { return .trial }
        return .nobody("\(key.entry) was loaded in a process that others ended: \(reason)")
    }

    private func takeChildren() -> [TrialChild] {
        defer { services.removeAll() }
        return services.keys.sorted().compactMap { services[$0]?.child }
    }

    private func forgetWaiting() {
        for start in waiting {
            Glibc.close(start.channel)
            Glibc.close(start.log)
        }
        waiting.removeAll()
    }

    /// Asks the processes of a trial to end; in a process that is reused, that process.
    func terminate(_ attempt: AttemptID) {
        guard !key.isReused, !isLoading else {
            isSpent = true
            signal(process, SIGTERM)
            return
        }
        for service in services.values where service.child.attempt == attempt {
            if let group = service.group { _ = Glibc.kill(-group, SIGTERM) }
        }
    }

    /// Ends a trial by force; in a process that is reused, that process.
    func kill(_ attempt: AttemptID) {
        // A module that hangs while it is loaded hangs for all trials that wait for it.
        guard !key.isReused, !isLoading else {
            isSpent = true
            signal(process, SIGKILL)
            group?.kill()
            return
        }
        for service in services.values where service.child.attempt == attempt {
            // Until its process is known, it is ended as soon as it is.
            if let group = service.group { _ = Glibc.kill(-group, SIGKILL) }
        }
    }

    private var isLoading: Bool {
        if case .loading = state { true } else { false }
    }

    private func signal(_ group: pid_t, _ number: Int32) { _ = Glibc.kill(-group, number) }

    // It was told to end: no further trial is for it.
    private var isSpent = false
    private var status: ExitStatus?

    /// Ends the process itself; what it forked ends with it.
    @discardableResult
    private func end() -> ExitStatus {
        if let status { return status }
        var raw: Int32 = 0
        // What ended by itself keeps its own status; what did not is ended.
        if unsafe waitpid(process, &raw, WNOHANG) != process {
            _ = Glibc.kill(-process, SIGKILL)
            while unsafe waitpid(process, &raw, 0) < 0, errno == EINTR {}
        }
        group?.kill()
        let status = ExitStatus(waitStatus: raw)
        self.status = status
        return status
    }
}
