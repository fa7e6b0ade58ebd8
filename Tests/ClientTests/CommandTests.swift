import ArgumentParser
import Client
import Testing
import Vocabulary

import picoml

/// How arguments become commands, and how errors end the process.
struct CommandTests {
    private func command(_ line: String) throws -> String {
        let parsed = try Picoml.parseAsRoot(line.split(separator: " ").map(String.init))
        return String(describing: type(of: parsed))
    }

    @Test(arguments: [
        ("sweep submit a.yaml --wait --json", "SweepSubmitCommand"),
        ("sweep check a.yaml", "SweepCheckCommand"), ("sweep list --limit 500", "SweepListCommand"),
        ("sweep list --phase failed --before 7", "SweepListCommand"),
        ("sweep show", "SweepShowCommand"), ("sweep show 12 --best 3", "SweepShowCommand"),
        ("sweep watch last", "SweepWatchCommand"), ("sweep pause 1", "SweepPauseCommand"),
        ("sweep resume last", "SweepResumeCommand"), ("sweep cancel 1", "SweepCancelCommand"),
        ("trial list 3 --only failed --order objective", "TrialListCommand"),
        ("trial show 12.3 --metric rmse --curve", "TrialShowCommand"),
        ("trial logs 12.3", "TrialLogsCommand"), ("worker", "WorkerRunCommand"),
        ("worker run", "WorkerRunCommand"), ("worker list --all", "WorkerListCommand"),
        ("worker drain 2", "WorkerDrainCommand"), ("worker revoke 2", "WorkerRevokeCommand"),
        (
            "worker authorize oven --key rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
            "WorkerAuthorizeCommand"
        ),
        ("coordinator", "CoordinatorRunCommand"), ("coordinator run", "CoordinatorRunCommand"),
        ("coordinator --http 127.0.0.1:0", "CoordinatorRunCommand"),
        ("coordinator init --state kitchen", "CoordinatorInitCommand"),
        ("coordinator token create", "TokenCreateCommand"),
        (
            "coordinator token create --uses 5 --expires 1h30m --approve --endpoint "
                + "tcp://10.0.0.1:7801 --artifacts 10.0.0.1:9 --json", "TokenCreateCommand"
        ),
        ("coordinator token list --all", "TokenListCommand"),
        ("coordinator token revoke 3", "TokenRevokeCommand"),
        ("worker --join pml1-abc --name oven", "WorkerRunCommand"),
        ("worker --join-file -", "WorkerRunCommand"), ("worker rotate", "WorkerRotateCommand"),
        ("worker approve oven", "WorkerApproveCommand"),
        ("model list", "ModelListCommand"), ("model show demand --version 2", "ModelShowCommand"),
        ("model promote demand --version 2 --reason x", "ModelPromoteCommand"),
        ("model rollback demand --reason x", "ModelRollbackCommand"),
        ("model predict demand --input a.csv --rows 5", "ModelPredictCommand"),
        ("doctor --state kitchen", "DoctorCommand"), ("completion zsh", "CompletionCommand"),
    ])
    func `a line of words is a command`(line: String, name: String) throws {
        #expect(try command(line) == name)
    }

    @Test(arguments: [
        "sweep submit", "sweep show x", "sweep show 0", "sweep show -1", "sweep pause",
        "sweep list --limit 0", "sweep list --limit 501", "sweep list --phase done",
        "sweep show --best 501", "trial list --limit 501", "trial show 12", "trial show 12.0",
        "trial logs", "worker drain", "worker drain x", "worker authorize oven --key short",
        "coordinator token create --uses 0",
        "coordinator token create --uses 10001", "coordinator token create --expires 0s",
        "coordinator token create --expires 31d", "coordinator token create --expires soon",
        "coordinator token create --artifacts a:1", "coordinator token create --endpoint a:0",
        "coordinator token create --endpoint a", "coordinator token revoke x",
        "worker --join a --join-file b", "worker --join a --coordinator b", "worker approve",
        "model promote demand --version 2", "model promote demand --reason x",
        "model promote demand --version -1 --reason x", "model rollback demand",
        "model predict demand", "model predict demand --input a --rows 0", "completion tcsh",
        "sweep list --jsn", "swep list", "doctor extra", "doctor --version",
    ])
    func `a line that makes no sense ends with exit code 2`(line: String) throws {
        let arguments = line.split(separator: " ").map(String.init)
        let error = try #require(throws: (any Error).self) {
            _ = try Picoml.parseAsRoot(arguments)
        }
        let ending = Ending(of: error, arguments: arguments)
        #expect(ending.code == 2)
        #expect(!ending.message.isEmpty)
    }

    @Test(arguments: [
        ("swep list", "`picoml sweep`"), ("sweep lst", "`picoml sweep list`"),
        ("sweep sumbit a.yaml", "`picoml sweep submit`"), ("modle list", "`picoml model`"),
        ("worker lits", "`picoml worker list`"), ("model rolback x", "`picoml model rollback`"),
        ("docter", "`picoml doctor`"), ("sweep list --jsn", "'--json'"),
    ])
    func `a misspelled word is answered with the right one`(line: String, hint: String) throws {
        let arguments = line.split(separator: " ").map(String.init)
        let error = try #require(throws: (any Error).self) {
            _ = try Picoml.parseAsRoot(arguments)
        }
        let message = Ending(of: error, arguments: arguments).message
        #expect(message.contains("Did you mean \(hint)?"), "\(message)")
    }

    @Test func `a word like no other gets no hint`() throws {
        let error = try #require(throws: (any Error).self) {
            _ = try Picoml.parseAsRoot(["qqqqqqqqqq"])
        }
        #expect(!Ending(of: error, arguments: ["qqqqqqqqqq"]).message.contains("Did you mean"))
    }

    @Test func `an option before the command is told to come after it`() throws {
        let arguments = ["--address", "http://127.0.0.1:1", "sweep", "list"]
        let error = try #require(throws: (any Error).self) {
            _ = try Picoml.parseAsRoot(arguments)
        }
        let message = Ending(of: error, arguments: arguments).message
        #expect(message.hasPrefix("error: Unknown option"))
        #expect(message.contains("`picoml sweep list --address …`"))
    }

    @Test func `errors end the process as the help says`() {
        let ending = Ending(
            of: ClientError(.unreachable, "Nobody answers.", fix: "Start it."), arguments: [])
        #expect(ending.code == 69)
        #expect(ending.message == "error: Nobody answers. Start it.")
        let file = ClientError(
            .badInput, "It has 1 problem.",
            diagnostics: [Diagnostic(file: "a.yaml", line: 3, column: 5, message: "No.")])
        #expect(
            Ending(of: file, arguments: []).message
                == "a.yaml:3:5: error: No.\nerror: It has 1 problem.")
        #expect(Ending(of: ClientError(.notPermitted, "No."), arguments: []).code == 77)
        #expect(Ending(of: ClientError(.badInput, "No."), arguments: []).code == 2)
        #expect(Ending(of: ClientError(.failed, "No."), arguments: []).code == 1)
        #expect(Ending(of: ExitCode(4), arguments: []).code == 4)
        #expect(Ending(of: ExitCode(4), arguments: []).message.isEmpty)
    }

    @Test func `every command teaches: an abstract, and help that fits a terminal`() {
        var waiting: [any ParsableCommand.Type] = [Picoml.self]
        var count = 0
        while let next = waiting.popLast() {
            waiting += next.configuration.subcommands
            guard next.configuration.shouldDisplay else { continue }
            count += 1
            #expect(!next.configuration.abstract.isEmpty, "\(next)")
            let help = Picoml.helpMessage(for: next, columns: 80)
            let widest = next.configuration.discussion.split(separator: "\n").map(\.count).max()
            #expect(help.contains("OVERVIEW"), "\(next)")
            #expect((widest ?? 0) <= 400, "\(next)")
        }
        #expect(count >= 28)
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func `a shell gets its completion script`(shell: CompletionShell) {
        let script = Picoml.completionScript(for: shell)
        #expect(script.contains("picoml"))
        #expect(script.contains("rollback"))
    }
}
