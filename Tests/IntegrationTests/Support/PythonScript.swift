import Foundation
import Testing

/// Python that uses the package `picoml` as its users do, in the environment for tests.
enum PythonScript {
    /// How a script ended.
    struct Result: Sendable {
        /// Its exit code.
        let code: Int32
        /// What it wrote to standard output.
        let output: Data
        /// What it wrote to standard error.
        let errors: String
    }

    /// Runs `text` as `NAME.py` in the folder of a cluster, whose coordinator it finds by itself,
    /// on a thread of its own: others need the few that asynchronous tests share.
    static func run(
        _ text: String, as name: String = "script", in cluster: Cluster
    ) async throws -> Result {
        try cluster.write(text, to: "\(name).py")
        for stream in ["out", "err"] { try cluster.write("", to: "\(name).\(stream)") }
        let folder = cluster.folder
        let environment = variables(cluster)
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Swift.Result { try run(name, in: folder, environment) })
            }
        }
    }

    private static func variables(_ cluster: Cluster) -> [String: String] {
        var variables = ProcessInfo.processInfo.environment
        variables["PICOML"] = Executable.path
        variables["PICOML_STATE"] = cluster.state
        variables["PICOML_ADDRESS"] = nil
        variables["PICOML_TOKEN_FILE"] = nil
        variables["PYTHONPATH"] = Repository.root.appending(path: "Sources/python").path
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        return variables
    }

    private static func run(
        _ name: String, in folder: String, _ environment: [String: String]
    ) throws -> Result {
        let output = URL(filePath: "\(folder)/\(name).out")
        let errors = URL(filePath: "\(folder)/\(name).err")
        let process = Process()
        process.executableURL = Repository.root.appending(path: ".build/test-venv/bin/python")
        process.arguments = ["\(name).py"]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            code: process.terminationStatus, output: try Data(contentsOf: output),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

extension PythonScript.Result {
    /// What the script printed as JSON; a script that failed fails the test.
    func answer<Answer: Decodable>(_ type: Answer.Type) throws -> Answer {
        try #require(code == 0, "\(errors.suffix(4000))")
        return try JSONDecoder().decode(type, from: output)
    }
}
