import API
import Client
import Foundation
import Testing
import Vocabulary

extension Cluster {
    /// Writes a file of the code folder, which lies beside the sweep file.
    func writeCode(_ text: String, to name: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder + "/code", withIntermediateDirectories: true)
        try write(text, to: "code/\(name)")
    }

    /// Puts a shell script before the host's own program `name`.
    func writeProgram(_ name: String, _ script: String) throws {
        try FileManager.default.createDirectory(
            atPath: programs, withIntermediateDirectories: true)
        try write("#!/bin/sh\n" + script, to: "programs/\(name)")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: "\(programs)/\(name)")
    }

    /// Runs a line of shell in the temporary folder; throws when it fails.
    func shell(_ line: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-ec", line]
        process.currentDirectoryURL = URL(filePath: folder)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(line)")
    }

    /// A sweep over one parameter `x` whose trainer `keys` describe.
    func submitProgram(_ keys: String, trials: Int = 1) async throws -> SweepSelector {
        try await submit(
            """
            name: program
            metric: {name: loss, goal: minimize}
            code: code
            method: random
            trials: \(trials)
            parameters:
              x: {min: 0.1, max: 0.9}
            \(keys)

            """)
    }

    /// Submits an example of the repository and waits for its end.
    func runExample(_ name: String, within limit: Duration) async throws -> SweepDocument {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "configs/sweeps/\(name).yaml").path
        let submitted = try await picoml("sweep", "submit", file, "--json")
        try #require(submitted.code == 0, "\(submitted.errors)")
        return try await ended(.last, within: limit)
    }

    /// Warm Python processes of this cluster's workers.
    func warmProcesses() -> [pid_t] {
        ProcessTable.all(under: folder, running: "picoml._warm")
    }
}
