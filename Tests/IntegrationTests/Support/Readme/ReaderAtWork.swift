import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// A person who follows README's section on several hosts, at hosts with the addresses that stand
/// there.
///
/// Two hosts are README's; where there are more, they are named as its first one is.
final class ReaderAtWork {
    /// A line of README that did not do what it says.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    let cluster: Cluster
    /// The hosts that workers are to run on.
    let ovens: [String]
    /// What is still to be read.
    var section: ReadmeSection
    /// Whom the hosts know, as README's file names them.
    let cook: LabAccount
    private let reader: LabAccount
    private let lab: Lab
    private let desk = "desk"

    private init(
        _ section: ReadmeSection, _ ovens: [String], _ lab: Lab, _ cluster: Cluster
    ) async throws {
        self.section = section
        self.ovens = ovens
        self.lab = lab
        self.cluster = cluster
        reader = try await LabAccount("reader", number: 47_101, on: [desk], of: lab, in: cluster)
        cook = try await LabAccount("cook", number: 47_102, on: ovens, of: lab, in: cluster)
    }

    /// Gives `body` a reader of the text `readme`, on a host beside `count` others that ssh
    /// reaches; `picoml` is where its `PATH` leads.
    static func begin(
        _ readme: String, hosts count: Int, _ body: (ReaderAtWork) async throws -> Void
    ) async throws {
        let section = try ReadmeSection("Several hosts.", of: readme)
        let ovens = (1...count).map { "oven-\($0)" }
        let hosts = ovens.enumerated().map { "\($1)=10.0.0.\(11 + $0)" }
        try await Cluster.run(on: ["desk=10.0.0.1"] + hosts) { cluster, lab in
            let reader = try await ReaderAtWork(section, ovens, lab, cluster)
            try FileManager.default.copyItem(
                atPath: Executable.path, toPath: cluster.programs + "/picoml")
            for host in ovens { try reader.cook.listen(on: host, in: cluster) }
            try await body(reader)
        }
    }

    /// How often ssh has asked something.
    var questions: Int { reader.questions(on: desk) }

    /// Starts the next line, which begins with `beginning`, and does not wait for its end.
    func starts(
        _ beginning: String, on host: String? = nil, _ change: (String) -> String = { $0 }
    ) throws -> ChildProcess {
        let line = change(try section.command(beginning))
        let account = host == nil ? reader : cook
        return try account.start(line, on: host ?? desk, in: cluster)
    }

    /// Types the next line, which begins with `beginning`, and the same for further hosts.
    @discardableResult
    func types(_ beginning: String) async throws -> CommandResult {
        let lines = ours(try section.command(beginning))
        var last = CommandResult(code: 0, output: "", errors: "")
        for line in lines {
            last = try await reader.run(line, on: desk, in: cluster)
            guard last.code == 0 else {
                throw Failed(
                    description: "\(line)\nended with \(last.code):\n\(last.output)\(last.errors)")
            }
        }
        return last
    }

    /// A line and, when it is about README's first host, the same for each host that README lacks.
    private func ours(_ line: String) -> [String] {
        guard line.contains("10.0.0.11") else { return [line] }
        return [line]
            + (3...max(3, ovens.count)).prefix(ovens.count - 2).map {
                line.replacing("10.0.0.11", with: "10.0.0.\(10 + $0)")
                    .replacing("oven-1", with: "oven-\($0)")
            }
    }

    /// Writes a file where the reader works.
    func writes(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(reader.home(on: desk))/\(name)"))
    }

    /// Starts the coordinator and waits until it serves.
    func startsCoordinator() async throws -> ChildProcess {
        let coordinator = try starts("picoml coordinator --control")
        try await coordinator.says("serving at")
        // The test asks it as the reader does: by what it wrote there.
        try FileManager.default.createSymbolicLink(
            atPath: cluster.state, withDestinationPath: reader.home(on: desk) + "/.picoml")
        try cluster.ask(through: Relay(to: 7800, of: desk, in: lab))
        return coordinator
    }

    /// Writes the file that names the hosts.
    func writesHosts() throws {
        let lines = try section.file("hosts.yaml").split(separator: "\n")
        let text = lines.flatMap { ours(String($0)) }.map { "\($0)\n" }.joined()
        try writes(text, to: "hosts.yaml")
    }

    /// Makes a key, as ssh-keygen does for who agrees to everything, and takes it to the hosts.
    func takesKeyToHosts() async throws {
        let key = "ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519"
        let made = try await reader.run("mkdir -m 700 .ssh && \(key)", on: desk, in: cluster)
        try #require(made.code == 0, "\(made.errors)")
        for host in ["10.0.0.11", "10.0.0.12"] { try await types("ssh-copy-id cook@\(host)") }
        #expect(questions == 2 * ovens.count, "each host was checked once and its password asked")
    }

    /// Puts a program with other bytes where the reader's `PATH` leads.
    ///
    /// - Returns: Its path.
    func getsNewProgram() throws -> String {
        let next = try cluster.otherProgram("next")
        let place = cluster.programs + "/picoml"
        // What runs keeps the bytes that it has.
        try #require(unsafe rename(next, place) == 0)
        return place
    }

    /// The workers, as the coordinator tells them.
    func workers() async throws -> [WorkerDocument] {
        try await cluster.client().workers().workers
    }

    /// What runs on a host out of the home there.
    func processes(on host: String) -> [pid_t] { ProcessTable.all(under: cook.home(on: host)) }
}
