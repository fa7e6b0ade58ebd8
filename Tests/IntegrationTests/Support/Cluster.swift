import Client
import Foundation
import Glibc
import Synchronization
import Testing

/// A coordinator and workers as processes of their own, in a temporary folder.
final class Cluster: Sendable {
    /// The temporary folder.
    let folder: String
    /// The folder that comes first where processes look for programs.
    var programs: String { folder + "/programs" }
    /// The state folder that the command line is given.
    var state: String { folder + "/state" }

    private let parts = Mutex(Parts())

    private struct Parts {
        var children: [ChildProcess] = []
        var addresses: [String] = []
        var client: CoordinatorClient?
        /// Where the coordinator answers people when it does not on this machine's loopback
        /// interface, and what leads there.
        var relay: Relay?
    }

    /// Leases that are noticed to be lost soon, so that tests are short.
    static let briskTiming = "lease_seconds: 3\nrenew_seconds: 0.5\nadoption_seconds: 8\n"

    /// Patience that a busy host does not wear out, for tests in which no worker is lost.
    static let calmTiming = "lease_seconds: 10\nrenew_seconds: 1\nadoption_seconds: 30\n"

    private init(timing: String) throws {
        let name = "picoml-cluster-\(UUID().uuidString.prefix(8))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        self.folder = folder.path
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("state: state/coordinator\n" + timing, to: "coordinator.yaml")
    }

    /// Gives `body` an empty cluster, and ends everything it started in any outcome.
    ///
    /// Logs are shown when `body` throws.
    static func run(
        timing: String = briskTiming, _ body: (Cluster) async throws -> Void
    ) async throws {
        let cluster = try Cluster(timing: timing)
        do {
            try await body(cluster)
        } catch {
            cluster.showLogs()
            await cluster.end()
            throw error
        }
        await cluster.end()
    }

    /// Starts `picoml` with `arguments`, in the temporary folder; `prefix` stands before both.
    func launch(
        _ name: String, _ arguments: [String], prefix: [String] = []
    ) throws -> ChildProcess {
        let number = parts.withLock(\.children.count)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
        environment["PICOML_STATE"] = state
        environment["PICOML_CACHE"] = folder + "/cache"
        environment["PICOML_ADDRESS"] = parts.withLock { $0.relay?.address }
        environment["PICOML_TOKEN_FILE"] = nil
        let child = try ChildProcess(
            "\(name)-\(number)", prefix + [Executable.path] + arguments,
            environment: environment, in: folder)
        keep(child)
        return child
    }

    /// Ends `child` with the cluster, at the latest.
    ///
    /// A process that nobody waits for keeps Swift Testing's exit tests from seeing the end of
    /// their own.
    func keep(_ child: ChildProcess) { parts.withLock { $0.children.append(child) } }

    /// Starts the coordinator and waits until it serves; from the second start on at the
    /// addresses of the first.
    @discardableResult
    func startCoordinator() async throws -> ChildProcess {
        try await serve("coordinator", ["--config", "coordinator.yaml"])
    }

    /// Starts a coordinator with workers by `picoml up` and waits until it serves.
    func startUp(workers: Int) async throws -> ChildProcess {
        try await serve("up", ["--workers", "\(workers)", "--state", state])
    }

    private func serve(_ command: String, _ options: [String]) async throws -> ChildProcess {
        var addresses = parts.withLock(\.addresses)
        if addresses.isEmpty {
            addresses = ["tcp://127.0.0.1:0", "tcp://127.0.0.1:0", "127.0.0.1:0"]
        }
        let child = try launch(
            command,
            [command, "--log-level", "debug"] + options
                + [
                    "--control", addresses[0], "--artifacts", addresses[1], "--http", addresses[2],
                ])
        try await child.says("serving at")
        let found = try [("worker", "control"), ("worker", "artifacts"), ("http", "address")]
            .map { try published($0.0, $0.1) }
        let access = try Access.find(Access.Wishes(state: state), environment: [:])
        parts.withLock {
            $0.addresses = found
            $0.client = $0.client ?? CoordinatorClient(access)
        }
        return child
    }

    /// From now on people and tools ask through `relay`.
    func ask(through relay: Relay) throws {
        let access = try Access.find(
            Access.Wishes(address: relay.address, state: state), environment: [:])
        parts.withLock {
            $0.relay = relay
            $0.client = CoordinatorClient(access)
        }
    }

    /// What the coordinator wrote for others: `key` of `file`.json.
    func published(_ file: String, _ key: String) throws -> String {
        let path = "\(state)/coordinator/\(file).json"
        let document = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(filePath: path)))
        return try #require((document as? [String: String])?[key])
    }

    /// Speaks to the coordinator.
    func client() throws -> CoordinatorClient {
        let client = parts.withLock { $0.client }
        return try #require(client, "the coordinator was never started")
    }

    /// Length of the file with the results of `worker` that are not acknowledged yet.
    func spooledBytes(of worker: String) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(worker)")
        let name = try #require(names.first { $0.hasPrefix("spool-") && !$0.hasSuffix(".new") })
        return try Data(contentsOf: URL(filePath: "\(folder)/\(worker)/\(name)")).count
    }

    /// Writes a file into the temporary folder.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    }

    /// Ends what was started, and says so when something outlived the process that started it.
    private func end() async {
        for child in parts.withLock(\.children).reversed() { child.kill9() }
        // A test that ran out of time waits no longer: what is left is ended here.
        try? await eventually("all processes are gone") {
            ProcessTable.all(under: self.folder).isEmpty
        }
        for orphan in ProcessTable.all(under: folder) {
            let command = ProcessTable.command(of: orphan)
            Issue.record("process \(orphan) outlived the one that started it: \(command)")
            kill(orphan, SIGKILL)
        }
        removeGroups()
        // What cannot be removed now lies in the system's folder for temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Removes the control groups of workers that were killed.
    private func removeGroups() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names {
            let note = FileManager.default.contents(atPath: "\(folder)/\(name)/groups") ?? Data()
            for group in String(decoding: note, as: UTF8.self).split(separator: "\n") {
                for inner in (try? FileManager.default.contentsOfDirectory(atPath: "\(group)"))
                    ?? []
                {
                    unsafe rmdir("\(group)/\(inner)")
                }
                unsafe rmdir("\(group)")
            }
        }
    }

    private func showLogs() {
        for child in parts.withLock(\.children) {
            let lines = child.log.split(separator: "\n").suffix(40).joined(separator: "\n  ")
            FileHandle.standardError.write(Data("\(child.name):\n  \(lines)\n".utf8))
        }
    }
}
