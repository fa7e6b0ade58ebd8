import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// The coordinator's host is lost, and its state folder lives on at another address.
@Suite(.timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabMoveTests {
    @Test func `a coordinator that moved is found by its key, and what ran goes on`() async throws {
        let hosts = ["w1", "w2"]
        try await Cluster.run(
            on: ["coordinator", "spare", "lost"] + hosts,
            timing: "lease_seconds: 3\nrenew_seconds: 0.5\nadoption_seconds: 10\n"
        ) { cluster, lab in
            let first = try await cluster.startCoordinator(on: "coordinator", of: lab)
            let places = try ["coordinator", "spare"].flatMap { host in
                ["--endpoint", "tcp://\(try lab.address(of: host)):7801"]
            }
            let token = try await cluster.token(["--uses", "2"] + places)
            let workers = try await cluster.startWorkers(on: hosts, of: lab, token: token)
            // The control: this one knows of one place alone.
            let lost = try await cluster.startWorkers(on: ["lost"], of: lab)[0]
            let sweep = try await cluster.submit(rehearsal(trials: 4, seconds: 8))
            let running = Set(try await cluster.running(3))

            first.kill9()
            let second = try await cluster.startCoordinator(on: "spare", of: lab)
            for host in hosts { try await second.says("on \(host) joined and goes on with") }
            let now = Set(ProcessTable.trials(under: cluster.folder))
            #expect(now.isSuperset(of: running), "what ran was not interrupted")
            try await cluster.sees("lost", .away)
            let move = "looks for it at tcp://\(try lab.address(of: "spare")):7801"
            #expect(!lost.log.contains(move))
            #expect(workers.allSatisfy { $0.log.contains(move) })

            // A token of the new place is all that it needs, though it enrolled long ago.
            lost.kill9()
            let back = try await cluster.startWorkers(on: ["lost"], of: lab)[0]
            #expect(back.log.contains("the token is not used"))
            #expect(try await cluster.client().workers().workers.count == 3)

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 4) == [])
            for attempt in try await cluster.documents(of: sweep).flatMap(\.attempts) {
                #expect(attempt.failure == nil || attempt.workerName == "lost")
            }
            #expect(workers.filter(\.isRunning).count == 2)
        }
    }
}
