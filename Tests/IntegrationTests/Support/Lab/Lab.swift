import Foundation
import Testing
import ZeroMQ

/// Hosts of their own on this machine, made by `scripts/netlab`, which says what can befall them.
struct Lab: Sendable {
    /// A host as `scripts/netlab list` names it.
    private struct Host {
        let address: String
        /// The process that keeps the host's network.
        let keeper: pid_t
    }

    private let name: String
    private let folder: String
    private let hosts: [String: Host]

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../scripts/netlab").standardizedFileURL.path

    /// Why the tests of a lab are skipped where it is not possible.
    static let need: Comment = "a lab of hosts takes root, iproute2 and network namespaces"

    /// Whether a lab can be made here: that takes root, and a container may forbid it.
    static let isPossible: Bool = {
        let name = "probe-\(getpid())"
        let folder = FileManager.default.temporaryDirectory.appending(path: "picoml-lab-\(name)")
        // Whatever the reason, there is no lab then; a folder that stays does no harm.
        defer { try? FileManager.default.removeItem(at: folder) }
        return [["up", "host"], ["down"]].allSatisfy { words in
            try? FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            return (try? start(["--lab", name] + words, in: folder.path))?.endNow() == 0
        }
    }()

    /// Makes hosts that live until `down`, or until this process ends; what the script prints goes
    /// to files in `folder`.
    static func up(_ names: [String], in folder: String) async throws -> Lab {
        let name = "test-\(UUID().uuidString.prefix(8).lowercased())"
        let words = ["--lab", name, "up", "--owner", "\(getpid())"] + names
        let listed = try await run(words, in: folder)
        var hosts: [String: Host] = [:]
        for line in listed.split(separator: "\n") {
            let fields = line.split(separator: " ")
            try #require(fields.count == 3, "\(line)")
            hosts[String(fields[0])] = Host(
                address: String(fields[1]), keeper: try #require(pid_t(fields[2])))
        }
        try #require(hosts.count == names.count, "\(listed)")
        return Lab(name: name, folder: folder, hosts: hosts)
    }

    /// Ends every process on the hosts, and the hosts.
    func down() async throws { try await change(["down"]) }

    /// Lets something befall hosts, such as `partition w1 w2`.
    func change(_ words: [String]) async throws {
        _ = try await Self.run(["--lab", name] + words, in: folder)
    }

    /// The address of a host in the lab.
    func address(of host: String) throws -> String { try #require(hosts[host]).address }

    /// What stands before a command that is to run on `host`.
    func prefix(for host: String) -> [String] { [Self.script, "--lab", name, "exec", host] }

    /// Moves the calling thread, and all threads that it starts from now on, to a host's network.
    ///
    /// There is no way back: the thread should end.
    func enter(_ host: String) throws {
        let path = "/proc/\(try #require(hosts[host]).keeper)/ns/net"
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        try #require(descriptor >= 0, "\(path) cannot be opened")
        defer { close(descriptor) }
        // The header that declares it is for _GNU_SOURCE alone.
        let symbol = try unsafe #require(unsafe dlsym(nil, "setns"))
        typealias Call = @convention(c) (Int32, Int32) -> Int32
        let setns = unsafe unsafeBitCast(symbol, to: Call.self)
        try #require(setns(descriptor, 0) == 0, "the network of \(host) cannot be entered")
    }

    /// Runs `body` on a thread of its own in the network of `host`.
    func within<Result: Sendable>(
        _ host: String, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try DedicatedThread(named: host) {
                    continuation.resume(
                        with: Swift.Result {
                            try enter(host)
                            return try body()
                        })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func run(_ words: [String], in folder: String) async throws -> String {
        let child = try start(words, in: folder)
        let code = try await child.end()
        try #require(code == 0, "scripts/netlab \(words.joined(separator: " ")): \(child.log)")
        return child.output
    }

    private static func start(_ words: [String], in folder: String) throws -> ChildProcess {
        try ChildProcess(
            "netlab-\(UUID().uuidString.prefix(8))", [script] + words,
            environment: ProcessInfo.processInfo.environment, in: folder)
    }
}
