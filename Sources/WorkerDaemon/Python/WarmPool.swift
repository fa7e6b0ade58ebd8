import Vocabulary
import ZeroMQ

/// The warm processes of a worker, with their places in the poller.
struct WarmPool {
    private struct Member {
        let process: WarmProcess
        let place: Poller.Key
    }

    private var members: [Member] = []
    private var nextNumber = 1
    // Modules that cannot be forked, so that this is found out once.
    private var unforkable: [WarmProcess.Key: String] = [:]
    // Processes in a row that were ended by others before they had served a trial to its end.
    private var deaths: [WarmProcess.Key: Int] = [:]

    /// How long a warm process may be idle: its memory is wanted by others.
    private static let idleTime = Duration.seconds(120)
    /// Deaths after which each trial gets a process of its own, whose end then says what it is that
    /// ends them.
    private static let deathLimit = 2
    /// Idle processes that are kept at most.
    private static let idleCount = 8

    /// When the first of the idle processes has been idle for too long; nil without any.
    var nextDeadline: Instant? {
        members.filter { $0.process.isIdle }.map { $0.process.lastUse + Self.idleTime }.min()
    }

    /// Whether trials like this one need a process of their own.
    func needsOwnProcess(_ key: WarmProcess.Key) -> Bool { unforkable[key] != nil }

    /// Whether there is a process for trials like this one, busy or not.
    func hasProcess(_ key: WarmProcess.Key) -> Bool { members.contains { $0.process.key == key } }

    /// A warm process that can take a trial of `request`; started if there is none.
    mutating func process(
        for request: TrialRequest, key: WarmProcess.Key, logPath: String,
        confinement: Confinement, poller: inout Poller
    ) throws(WorkerError) -> WarmProcess {
        if let member = members.first(where: { $0.process.key == key && $0.process.isAvailable }) {
            return member.process
        }
        let process = try WarmProcess(
            request, key: key, logPath: logPath, number: nextNumber, confinement: confinement)
        nextNumber += 1
        members.append(
            Member(process: process, place: poller.add(descriptor: process.descriptor)))
        return process
    }

    /// Takes what the processes said, and lets go of those that are of no use any more.
    mutating func read(_ poller: inout Poller, at now: Instant) -> [WarmProcess.News] {
        var news: [WarmProcess.News] = []
        for member in members where poller.isReadable(member.place) {
            news += member.process.read()
            if let reason = member.process.unforkableReason {
                unforkable[member.process.key] = reason
            }
            if member.process.hasDied { countDeath(of: member.process) }
        }
        removeIdle(&poller, at: now)
        return news
    }

    private mutating func countDeath(of process: WarmProcess) {
        let count = process.hasServed ? 1 : deaths[process.key, default: 0] + 1
        deaths[process.key] = count
        if count >= Self.deathLimit { unforkable[process.key] = "\(count) of its processes died" }
    }

    private mutating func removeIdle(_ poller: inout Poller, at now: Instant) {
        var idle = 0
        for index in members.indices.reversed() {
            let process = members[index].process
            guard process.isIdle else { continue }
            idle += 1
            let isKept =
                process.isAvailable && process.unforkableReason == nil
                && now - process.lastUse < Self.idleTime && idle <= Self.idleCount
            guard !isKept else { continue }
            poller.remove(members[index].place)
            members.remove(at: index)
        }
    }
}
