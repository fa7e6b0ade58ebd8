import Foundation
import Glibc
import Processes
import Testing
import Vocabulary
import WorkerDaemon

/// A trial whose interpreter is a shell script, with its folder, which goes with the fixture.
final class ScriptTrial {
    let folder: String
    var memoryBytes: UInt64?
    var diskBytes: UInt64?
    var devices: [Device] = []
    var cores: [UInt32] = []
    var confinement = Confinement()

    init() throws {
        folder = "/tmp/picoml-limits-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/trials", withIntermediateDirectories: true)
    }

    deinit {
        confinement.groups?.removeAll()
        // A folder that is left behind in the system's temporary folder fails no test.
        try? FileManager.default.removeItem(atPath: folder)
    }

    var directory: String { folder + "/trials/3.17-2" }

    /// Whether this process may make control groups: only then is there anything to test.
    static let hasGroups: Bool = {
        let note = "/tmp/picoml-limits-\(UUID().uuidString)"
        // Why it may not is nothing that these tests are about.
        guard let groups = try? ControlGroups(named: "probe", notePath: note, user: nil) else {
            return false
        }
        groups.removeAll()
        _ = unsafe unlink(note)
        return true
    }()

    static let isRoot = geteuid() == 0

    /// Keeps its processes in control groups.
    func useGroups(user: SystemUser? = nil) throws {
        confinement.groups = try ControlGroups(
            named: UUID().uuidString, notePath: folder + "/groups", user: user)
    }

    var request: TrialRequest {
        let lease = Lease(
            attempt: AttemptID(trial: TrialID(sweep: SweepID(3), number: 17), number: 2),
            task: .search, experiment: "Exp1", trainer: .python, parameters: [], seed: 1, cpus: 1,
            memoryBytes: memoryBytes, diskBytes: diskBytes, timeLimit: nil,
            objective: Objective(metric: "loss", goal: .minimize), data: nil,
            program: Program(action: .python(entry: "train.py:train", isReused: false)))
        var request = TrialRequest(
            lease: lease, searchPath: nil, gatePath: nil, modelPaths: [:], directory: directory,
            codePath: folder, interpreter: folder + "/interpreter", packagePath: folder)
        request.devices = devices
        request.cores = cores
        return request
    }

    /// Starts `script`, whose current folder is the trial's.
    func start(_ script: String) throws -> TrialChild {
        let path = folder + "/interpreter"
        try Data(("#!/bin/sh\n" + script + "\n").utf8).write(to: URL(filePath: path))
        try #require(unsafe chmod(path, 0o755) == 0)
        while true {
            do throws(WorkerError) { return try TrialChild(request, in: confinement) } catch {
                // For a moment a process that another test starts has this script open to write.
                guard error.description.contains("Text file busy") else { throw error }
            }
        }
    }

    /// Waits for the end of the trial's own process and says what the worker says of it.
    func result(of child: TrialChild) throws -> AttemptResult {
        guard case .own(let process) = child.origin else { throw Unexpected("no own process") }
        var entry = pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0)
        try #require(unsafe poll(&entry, 1, 60_000) == 1)
        _ = child.read()
        let status = process.reap()
        child.endGroup()
        return TrialOutcome.result(of: child, status: status, request: request, seconds: 1).keep()
    }

    func run(_ script: String) throws -> AttemptResult { try result(of: try start(script)) }

    /// The text of a file in the trial's folder.
    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(directory)/\(name)"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

struct Unexpected: Error {
    let what: String
    init(_ what: String) { self.what = what }
}

/// Looks until `condition` holds, for a minute at most.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw Unexpected("never: \(what)") }
        _ = poll(nil, 0, 5)
    }
}
