import Client
package import ConfigurationFiles
import Vocabulary

/// What is to be done on a host, decided from what it said of itself.
package struct HostPlan: Hashable, Sendable {
    /// One thing to do on a host.
    package enum Step: Hashable, Sendable {
        /// The program is copied there.
        case place
        /// The worker is told to take no further trials, and waited for.
        case drain
        /// The worker's process is ended; what it runs only when `isAtOnce`.
        case stop(isAtOnce: Bool)
        /// The worker enrols, if it has to, and starts.
        case start
        /// The coordinator's list is watched until the worker is there.
        case join
        /// What starts the worker again is taken away.
        case remove
    }

    /// Who looks after the worker.
    package var service: HostEntry.Service
    /// Whether the steps take sudo.
    package var usesSudo = false
    /// What to do, in order.
    package var steps: [Step]

    private init(_ service: HostEntry.Service, on report: HostReport, _ steps: [Step]) {
        self.service = service
        usesSudo = service == .system && report.root == .sudo
        self.steps = steps
    }

    /// Disk that must stay free beside the program, for a worker to begin with.
    static let spareBytes: UInt64 = 64 << 20

    /// Brings a host to where a worker runs; a worker that runs is left as it is.
    ///
    /// - Throws: `HostProblem` when the host cannot run it.
    package static func up(
        _ host: HostEntry, _ report: HostReport, _ program: HostProgram
    ) throws(HostProblem) -> HostPlan {
        if let running = report.running { return HostPlan(running, on: report, [.join]) }
        let service = try service(for: host, report)
        let copy = try placing(program, on: report, as: service)
        return HostPlan(service, on: report, copy + [.start, .join])
    }

    /// Gives a host the program while its worker rests.
    ///
    /// The new program is placed first, beside the one that runs: a host on which it does not run
    /// keeps its worker.
    ///
    /// - Throws: `HostProblem` when the host cannot run it.
    package static func upgrade(
        _ host: HostEntry, _ report: HostReport, _ program: HostProgram
    ) throws(HostProblem) -> HostPlan {
        guard let running = report.running else { return try up(host, report, program) }
        let copy = try placing(program, on: report, as: running)
        guard !copy.isEmpty else { return HostPlan(running, on: report, [.join]) }
        return HostPlan(
            running, on: report, copy + [.drain, .stop(isAtOnce: false), .start, .join])
    }

    /// Ends a host's worker, whatever way it runs, so that nothing starts it again.
    package static func down(_ report: HostReport, isAtOnce: Bool) -> HostPlan {
        guard let service = report.known else { return HostPlan(.user, on: report, []) }
        guard report.running != nil else { return HostPlan(service, on: report, [.remove]) }
        let rest: [Step] = isAtOnce ? [] : [.drain]
        return HostPlan(service, on: report, rest + [.stop(isAtOnce: isAtOnce), .remove])
    }

    /// The way to run a worker that the file asks for, or else the best that the host can.
    private static func service(
        for host: HostEntry, _ report: HostReport
    ) throws(HostProblem) -> HostEntry.Service {
        let isPossible = report.hasSystemd && report.root != nil
        guard let wish = host.service else { return isPossible ? .system : .user }
        guard wish == .user || isPossible else {
            throw HostProblem(
                report.hasSystemd
                    ? "A service of the system takes root, and \(report.user) is not root there."
                    : "A service of the system takes systemd, which does not run there.",
                fix: report.hasSystemd
                    ? "Log in as root, let \(report.user) use sudo without a password, or write "
                        + "`service: user`."
                    : "Write `service: user`.")
        }
        return wish
    }

    private static func placing(
        _ program: HostProgram, on report: HostReport, as service: HostEntry.Service
    ) throws(HostProblem) -> [Step] {
        guard report.system == "Linux" else {
            throw HostProblem("The host runs \(report.system), and the program needs Linux.")
        }
        guard report.machine == program.machine else {
            throw HostProblem(
                "The host is \(report.machine), and the program is for \(program.machine).",
                fix: "Give hosts like this one the program of a package for \(report.machine): "
                    + "`--binary FILE`, with their names behind the file's.")
        }
        let part = report[service]
        guard part.program != program.digest else { return [] }
        guard part.freeBytes >= program.byteCount + spareBytes else {
            throw HostProblem(
                "The host has \(text(part.freeBytes)) of free disk for the program, which takes "
                    + "\(text(program.byteCount)) and \(text(spareBytes)) to work with.",
                fix: service == .user
                    ? "Make room, or name another `folder`." : "Make room below /usr/local.")
        }
        return [.place]
    }

    private static func text(_ bytes: UInt64) -> String { HumanForm.bytes(bytes) }
}
