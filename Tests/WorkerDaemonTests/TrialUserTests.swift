import Foundation
import Glibc
import Processes
import Testing
import Vocabulary
import WorkerDaemon

/// Trials that run as somebody else than their worker, and try to use that it is root.
@Suite(
    .enabled(if: ScriptTrial.isRoot, "only root can start processes of other users"),
    .timeLimit(.minutes(3)))
struct TrialUserTests {
    private static let nobody = SystemUser(
        number: 65_534, group: 65_534, furtherGroups: [4242, 4243], home: "/kitchen")

    private func trial() throws -> ScriptTrial {
        let trial = try ScriptTrial()
        trial.confinement.user = Self.nobody
        return trial
    }

    @Test func `a trial runs as its user, in a folder of its own`() throws {
        let trial = try trial()
        let result = try trial.run(
            """
            id -u > user; id -G > groups; grep NoNewPrivs /proc/self/status > privileges
            grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status | cut -f 2 | sort -u > capabilities
            echo "$HOME" > home; cut -d ' ' -f 6 < /proc/self/stat > session; echo $$ >> session
            : > "$TMPDIR/t" && : > "$PICOML_CHECKPOINT_DIR/c" && cat "$PICOML_TRIAL" > copy
            echo '{"artifact":{"name":"user","path":"user"}}' >&3
            echo '{"result":{"metrics":{"loss":1}}}' >&3
            """)
        #expect(result.outcome == .succeeded, "\(result.message)")
        #expect(try trial.text("user") == "65534")
        #expect(try trial.text("groups") == "65534 4242 4243")
        #expect(try trial.text("privileges").hasSuffix("1"))
        #expect(try trial.text("capabilities") == "0000000000000000")
        #expect(try trial.text("home") == "/kitchen")
        #expect(Set(try trial.text("session").split(separator: "\n")).count == 1)
        #expect(try trial.text("copy").contains("Exp1"))
        #expect(result.artifacts.map(\.name) == ["user"])
    }

    @Test(.enabled(if: ScriptTrial.hasGroups, "no control groups can be made here"))
    func `a trial joins its groups before it changes its user`() throws {
        let trial = try trial()
        try trial.useGroups(user: Self.nobody)
        trial.memoryBytes = 64 << 20
        #expect(try trial.run("exec tail /dev/zero").outcome == .failed(.outOfMemory))
    }

    @Test(arguments: [
        "ln -s SECRET stolen", "ln SECRET stolen", "mkfifo stolen",
        "mkdir real; rmdir real; ln -s FOLDER real; ln -s secret stolen",
    ])
    func `a file that is none of the trial's is not kept`(planting: String) throws {
        let trial = try trial()
        let secret = try plantSecret(trial)
        let script = planting.replacing("SECRET", with: secret)
            .replacing("FOLDER", with: trial.folder)
        let result = try trial.run(
            """
            \(script)
            echo '{"artifact":{"name":"stolen","path":"stolen"}}' >&3
            echo '{"result":{"metrics":{"loss":1}}}' >&3
            """)
        #expect(result.outcome == .failed(.trainerError))
        #expect(result.message.contains("stolen"), "\(result.message)")
    }

    @Test func `a log that leads elsewhere is neither read nor cut`() throws {
        let trial = try trial()
        let secret = try plantSecret(trial, bytes: 3 << 20)
        let result = try trial.run("rm log.txt; ln -s \(secret) log.txt; exit 5")
        #expect(!result.message.contains("secret"), "\(result.message)")
        #expect(result.artifacts.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: secret)).count == 3 << 20)
        let pipe = try self.trial()
        #expect(try pipe.run("rm log.txt; mkfifo log.txt; exit 5").message.contains("code 5"))
    }

    private func plantSecret(_ trial: ScriptTrial, bytes: Int = 6) throws -> String {
        let path = trial.folder + "/secret"
        try Data(Array("secret".utf8) + [UInt8](repeating: 120, count: bytes - 6)).write(
            to: URL(filePath: path))
        try #require(unsafe chmod(path, 0o600) == 0)
        return path
    }

    @Test func `a user is found by name`() throws {
        let found = try SystemUser.ofTrials(named: "nobody")
        #expect(found.number == Self.nobody.number)
        // Its entry has a folder that is not there.
        #expect(found.home == nil)
        #expect(SystemUser(named: "root") == SystemUser(number: 0, group: 0, home: "/root"))
        for name in ["no such user", "root"] {
            let error = #expect(throws: WorkerError.self) { try SystemUser.ofTrials(named: name) }
            #expect(error?.description.contains(name) == true)
        }
    }

    @Test func `a worker that lacks a right that it needs is told which`() {
        let all = Privilege.allCases.reduce(UInt64(0)) { $0 | 1 << $1.rawValue }
        #expect(throws: Never.self) { try Privilege.check(all) }
        #expect(throws: Never.self) { try Privilege.check(.max) }
        let error = #expect(throws: WorkerError.self) {
            try Privilege.check(all & ~(UInt64(1) << Privilege.kill.rawValue))
        }
        #expect(error?.description.contains("lacks CAP_KILL:") == true)
    }

    @Test func `a folder that the user cannot reach is named`() throws {
        let trial = try ScriptTrial()
        #expect(throws: Never.self) { try Self.nobody.checkReach(of: trial.folder + "/a") }
        try #require(unsafe chmod(trial.folder, 0o700) == 0)
        let error = #expect(throws: WorkerError.self) {
            try Self.nobody.checkReach(of: trial.folder + "/a/b")
        }
        #expect(error?.description.contains("chmod o+x \(trial.folder)") == true)
    }
}
