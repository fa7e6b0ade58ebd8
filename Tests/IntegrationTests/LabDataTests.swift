import API
import Client
import Foundation
import Testing
import Vocabulary

/// Eight hosts that need the same data set, behind the thin line of their coordinator.
@Suite(.serialized, .timeLimit(.minutes(4)), .enabled(if: Lab.isPossible, Lab.need))
struct LabDataTests {
    private static let workers = (1...8).map { "w\($0)" }
    private static let byteCount = 16 << 20

    /// Bytes that the coordinator's host has sent over its line.
    private static func sentBytes(in lab: Lab) async throws -> Int {
        try await lab.within("coordinator") {
            // Of the thread: /proc/net is that of the process's first one.
            let text = try String(contentsOfFile: "/proc/thread-self/net/dev", encoding: .utf8)
            return text.split(separator: "\n").dropFirst(2).reduce(0) { sum, line in
                let fields = line.split(whereSeparator: { " :".contains($0) })
                return sum + (fields[0] == "lo" ? 0 : Int(fields[9]) ?? 0)
            }
        }
    }

    /// How often the data set leaves the coordinator until it is on all workers, in copies.
    private func copies(where isSharing: Bool) async throws -> Double {
        var copies = 0.0
        try await Cluster.run(
            on: ["coordinator"] + Self.workers, timing: Cluster.calmTiming
        ) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            try DataSetTests.noise(Self.byteCount).write(
                to: URL(filePath: "\(cluster.folder)/large"))
            let prepared = try PreparedDataSet.read("\(cluster.folder)/large")
            _ = try await prepared.add(as: "large", at: nil, to: try cluster.client())
            let token = try await cluster.token("--uses", "\(Self.workers.count)")
            let started = try Self.workers.map { host -> ChildProcess in
                let prefix = lab.prefix(for: host)
                return isSharing
                    ? try cluster.launchJoining(host, token, prefix: prefix)
                    : try cluster.launchJoining(host, token, "--no-sharing", prefix: prefix)
            }
            for worker in started { try await worker.says("joined as worker") }
            try await lab.change(["slow", "60mbit", "coordinator"])
            let before = try await Self.sentBytes(in: lab)
            try cluster.writeCode("# nothing\n", to: "empty.sh")
            let sweep = try await cluster.submitProgram(
                """
                trainer: command
                command:
                  - sh
                  - -c
                  - |
                    cd \(cluster.folder)
                    touch here-$PICOML_TRIAL_ID
                    while [ $(ls | grep -c ^here-) -lt 8 ]; do sleep 0.1; done
                    cmp $PICOML_DATA large && echo loss=1
                metrics_from: output
                data: large
                """, trials: 8)
            let ended = try await cluster.ended(sweep, within: .seconds(100))
            #expect(ended.sweep.trials.succeeded == 8)
            let sent = try await Self.sentBytes(in: lab) - before
            copies = Double(sent) / Double(Self.byteCount)
        }
        return copies
    }

    @Test func `what eight hosts need leaves the coordinator about once`() async throws {
        let copies = try await copies(where: true)
        #expect(copies >= 1)
        #expect(copies < 2)
    }

    @Test func `where hosts do not share, it leaves the coordinator for each of them`() async throws
    {
        #expect(try await copies(where: false) >= 8)
    }
}
