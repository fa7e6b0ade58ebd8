import API
import Foundation
import Testing
import Vocabulary

/// The real executable, as a shell or a script runs it.
struct ProcessTests {
    private struct Run {
        var code: Int32
        var output: String
        var errors: String
    }

    /// Runs `picoml`; what it writes goes to files, which never fill up.
    private func picoml(
        _ arguments: [String], in folder: String, _ environment: [String: String] = [:]
    ) throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executablePath)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment
        for name in ["out", "err"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(folder)/out"))
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(folder)/err"))
        try process.run()
        process.waitUntilExit()
        return Run(
            code: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: try String(contentsOfFile: "\(folder)/out", encoding: .utf8),
            errors: try String(contentsOfFile: "\(folder)/err", encoding: .utf8))
    }

    @Test func `help and version go to standard output and succeed`() throws {
        try inTemporaryFolder { folder in
            let help = try picoml(["--help"], in: folder)
            #expect(help.code == 0)
            #expect(help.errors.isEmpty)
            #expect(help.output.contains("The first five minutes"))
            #expect(help.output.contains("69  no coordinator answers"))
            #expect(try picoml(["--version"], in: folder).output.split(separator: ".").count == 3)
            #expect(try picoml([], in: folder).output == help.output)
        }
    }

    @Test func `without a coordinator the exit code is 69 and standard output empty`() throws {
        try inTemporaryFolder { folder in
            let run = try picoml(["sweep", "list", "--json"], in: folder)
            #expect(run.code == 69)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("picoml up"))
        }
    }

    @Test func `a bad line ends with 2, a bad file too`() throws {
        try inTemporaryFolder { folder in
            #expect(try picoml(["sweep", "lst"], in: folder).code == 2)
            try Data("name: [".utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.yaml"))
            let run = try picoml(["sweep", "check", "bad.yaml"], in: folder)
            #expect(run.code == 2)
            #expect(run.errors.hasPrefix("bad.yaml:2:1: error: "))
            #expect(run.errors.contains("\nerror: bad.yaml has 1 problem."))
        }
    }

    @Test func `a refused token ends with 77`() throws {
        let server = try ScriptedServer { _ in
            .value(Problem(.unauthenticated, "No token."), status: 401)
        }
        defer { server.stop() }
        try inTemporaryFolder { folder in
            try writeState(server.address, in: "\(folder)/.picoml")
            #expect(try picoml(["model", "list"], in: folder).code == 77)
        }
    }

    @Test func `JSON is one document that the API's own values read`() throws {
        let page = ModelPage(models: [ModelEntry(name: "demand", champion: 2, versions: 3)])
        let server = try ScriptedServer { _ in .value(page) }
        defer { server.stop() }
        try inTemporaryFolder { folder in
            try writeState(server.address, in: "\(folder)/.picoml")
            let run = try picoml(["model", "list", "--json"], in: folder)
            #expect(run.code == 0)
            #expect(run.errors.isEmpty)
            #expect(try APICoding.decode(ModelPage.self, from: Array(run.output.utf8)) == page)
        }
    }

    @Test func `a proxy is not asked for what is on this host`() throws {
        let server = try ScriptedServer { _ in .json("{\"models\":[]}") }
        let proxy = try ScriptedServer { _ in .json("{\"models\":[]}") }
        defer {
            server.stop()
            proxy.stop()
        }
        try inTemporaryFolder { folder in
            try writeState(server.address, in: "\(folder)/.picoml")
            let run = try picoml(
                ["model", "list"], in: folder,
                ["http_proxy": proxy.address, "no_proxy": "example.com"])
            #expect(run.code == 0)
            #expect(server.requests.count == 1)
            #expect(proxy.requests.isEmpty)
        }
    }

    @Test func `a watched sweep is told in lines and its end in the exit code`() throws {
        for (phase, code) in [(Phase.finished, Int32(0)), (.failed, 3), (.cancelled, 4)] {
            let server = try ScriptedServer { request in
                request.target.contains("/trials")
                    ? .value(TrialPage(trials: [], next: nil)) : .value(Samples.sweep(phase))
            }
            defer { server.stop() }
            try inTemporaryFolder { folder in
                try writeState(server.address, in: "\(folder)/.picoml")
                let run = try picoml(
                    ["sweep", "watch"], in: folder, ["TERM": "xterm-256color"])
                #expect(run.code == code)
                #expect(run.output.hasPrefix("sweep 12 \(phase.rawValue): "))
                #expect(!run.output.contains("\u{1B}"))
            }
        }
    }

    @Test func `the doctor's findings are JSON on demand and its exit code tells`() throws {
        try inTemporaryFolder { folder in
            let run = try picoml(["doctor", "--json"], in: folder)
            let findings = try JSONDecoder().decode(
                [[String: String]].self, from: Data(run.output.utf8))
            let hasProblem = findings.contains { $0["level"] == "problem" }
            #expect(run.code == (hasProblem ? 1 : 0))
        }
    }
}
