import Foundation
import Glibc
import Testing
import Vocabulary
import WorkerDaemon

/// What a trial may take, with real processes.
@Suite(.timeLimit(.minutes(3)))
struct LimitTests {
    // tail keeps what it reads until a line ends.
    private static let leak = "exec tail /dev/zero"

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `a leak ends with its limit and says so`() throws {
        let trial = try ScriptTrial()
        try trial.useGroups()
        trial.memoryBytes = 64 << 20
        let result = try trial.run(Self.leak)
        #expect(result.outcome == .failed(.outOfMemory))
        #expect(
            result.message == "it used more than the 64 MiB that the sweep allows "
                + "(resources: memory)")
    }

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `processes that leak together end with the limit of all`() throws {
        let trial = try ScriptTrial()
        try trial.useGroups()
        trial.memoryBytes = 64 << 20
        // Each stays below the limit alone and holds what it has.
        let part = "(head -c 40M /dev/zero; exec sleep 3) | tail > /dev/null"
        let result = try trial.run("\(part) & \(part) & \(part) & wait; exit 5")
        #expect(result.outcome == .failed(.outOfMemory))
    }

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `a failure below the limit is not put down to memory`() throws {
        let trial = try ScriptTrial()
        try trial.useGroups()
        trial.memoryBytes = 64 << 20
        let part = "head -c 16M /dev/zero | tail > /dev/null"
        let result = try trial.run("\(part) & \(part) & wait; exit 5")
        #expect(result.outcome == .failed(.trainerError))
        #expect(result.message.contains("code 5"))
    }

    @Test func `without control groups each process has the limit`() throws {
        let trial = try ScriptTrial()
        trial.memoryBytes = 64 << 20
        #expect(try trial.run(Self.leak).message.contains("memory exhausted"))
        let small = try ScriptTrial()
        #expect(try small.run("ulimit -d > data; exit 3").message.contains("code 3"))
        #expect(try small.text("data") == "unlimited")
    }

    /// A process in a session of its own, which outlives its process group.
    private static let daemon = """
        setsid sh -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' &
        until [ -e daemon ]; do :; done
        exit 5
        """

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `what left the process group ends with the trial`() throws {
        let trial = try ScriptTrial()
        try trial.useGroups()
        _ = try trial.run(Self.daemon)
        let daemon = try #require(pid_t(try trial.text("daemon")))
        try eventually("the daemon is gone") { kill(daemon, 0) != 0 }
    }

    @Test func `without control groups it goes on`() throws {
        let trial = try ScriptTrial()
        _ = try trial.run(Self.daemon)
        let daemon = try #require(pid_t(try trial.text("daemon")))
        #expect(kill(daemon, SIGKILL) == 0)
    }

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `what a killed worker left ends with the start of the next one`() throws {
        let trial = try ScriptTrial()
        let name = UUID().uuidString
        let note = trial.folder + "/groups"
        trial.confinement.groups = try ControlGroups(named: name, notePath: note, user: nil)
        // As after a kill -9, nobody ends the group: an abandoned one is left alone.
        trial.confinement.abandon = { _ in }
        let child = try trial.start("echo $$ > leader.new; mv leader.new leader; sleep 1000")
        try eventually("it runs") { unsafe access(trial.directory + "/leader", F_OK) == 0 }
        let leader = try #require(pid_t(try trial.text("leader")))
        #expect(kill(leader, 0) == 0)
        trial.confinement.groups = try ControlGroups(named: name, notePath: note, user: nil)
        #expect(try trial.result(of: child).outcome != .succeeded)
    }

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `an execution that starts again does not end with its former start`() throws {
        let trial = try ScriptTrial()
        try trial.useGroups()
        var former: TrialChild? = try trial.start("exit 3")
        _ = try trial.result(of: try #require(former))
        let child = try trial.start("until [ -e go ]; do sleep 0.01; done; exit 5")
        former = nil
        try Data().write(to: URL(filePath: trial.directory + "/go"))
        #expect(try trial.result(of: child).message.contains("code 5"))
    }

    @Test func `one file above the share of the disk ends the trial`() throws {
        let trial = try ScriptTrial()
        trial.diskBytes = 1 << 20
        let result = try trial.run("head -c 10M /dev/zero > big; exit 5")
        #expect(result.outcome == .failed(.outOfDisk))
        #expect(
            result.message == "its files take more than the 1 MiB that the sweep allows "
                + "(resources: disk)")
        #expect(try trial.run("exec head -c 10M /dev/zero > big").outcome == .failed(.outOfDisk))
    }

    @Test func `a failure below the share is not put down to the disk`() throws {
        let trial = try ScriptTrial()
        trial.diskBytes = 1 << 20
        let result = try trial.run("head -c 10K /dev/zero > small; exit 5")
        #expect(result.outcome == .failed(.trainerError))
    }

    @Test func `a trial that is ended for many files says so, whatever it says itself`() throws {
        let trial = try ScriptTrial()
        trial.diskBytes = 1 << 20
        let child = try trial.start(
            """
            echo '{"failure":{"class":"trainer_error","message":"mine"}}' >&3
            n=0; while :; do head -c 100K /dev/zero > $n; n=$((n+1)); done
            """)
        var size = FolderSize(trial.directory)
        try eventually("the folder is too large") {
            size.measure(entries: 5, limit: 1 << 20).map { $0 > 1 << 20 } ?? false
        }
        child.endForDisk(limit: 1 << 20)
        let result = try trial.result(of: child)
        #expect(result.outcome == .failed(.outOfDisk))
        #expect(result.message.contains("the 1 MiB"))
    }

    @Test(arguments: [("0 means asked", "trap 'exit 7' TERM"), ("15 means killed", "")])
    func `a trial is asked to end by SIGTERM`(name: String, trap: String) throws {
        let trial = try ScriptTrial()
        let child = try trial.start("\(trap)\n: > ready\nwhile :; do sleep 0.01; done")
        try eventually("it runs") { unsafe access(trial.directory + "/ready", F_OK) == 0 }
        child.terminate()
        let message = try trial.result(of: child).message
        #expect(message.contains(trap.isEmpty ? "signal 15" : "code 7"), "\(message)")
    }

    @Test func `a link in the place of a trial's request is not written through`() throws {
        let trial = try ScriptTrial()
        let secret = trial.folder + "/secret"
        try Data("secret".utf8).write(to: URL(filePath: secret))
        try FileManager.default.createDirectory(
            atPath: trial.directory, withIntermediateDirectories: true)
        let request = trial.directory + "/trial.json"
        try #require(unsafe symlink(secret, request) == 0)
        let result = try trial.run("cp \"$PICOML_TRIAL\" copy; exit 5")
        #expect(result.message.contains("code 5"))
        #expect(try String(contentsOfFile: secret, encoding: .utf8) == "secret")
        #expect(try trial.text("copy").contains("Exp1"))
    }

    @Test func `a trial that keeps more files than it may is told so`() throws {
        let script = { (count: Int) in
            """
            touch kept
            for number in $(seq \(count)); do
                echo '{"artifact":{"name":"file-'$number'","path":"kept"}}'
            done >&3
            echo '{"result":{"metrics":{"loss":1}}}' >&3
            """
        }
        let most = Limits.artifactsPerAttempt - 1
        #expect(try ScriptTrial().run(script(most)).outcome == .succeeded)
        let result = try ScriptTrial().run(script(most + 1))
        #expect(result.outcome == .failed(.trainerError))
        #expect(result.message.contains("keeps \(most) files at most"))
    }
}
