import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Workers die, hang and leave.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct WorkerLossTests {
    @Test func `the trials of a killed worker run once more elsewhere, and leave no process`()
        async throws
    {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let lost = try await cluster.startWorker("lost", cpus: 2)
            let sweep = try await cluster.submit(rehearsal(trials: 6, seconds: 6))
            _ = try await cluster.running(2)
            _ = try await cluster.startWorker("other", cpus: 2)
            let running = try await cluster.running(4).filter { trial in
                parent(of: trial.id) == lost.id
            }
            try #require(running.count == 2)
            let held = try await cluster.worker("lost").running

            lost.kill9()
            try await eventually("the trials of the worker are gone", within: .seconds(2)) {
                running.allSatisfy { !ProcessTable.isAlive($0.id) }
            }
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            for trial in try await cluster.documents(of: sweep) {
                #expect(trial.trial.state == .succeeded)
                let wasLost = held.contains { $0.hasPrefix("\(trial.trial.id)#") }
                #expect(trial.attempts.count == (wasLost ? 2 : 1), "trial \(trial.trial.id)")
                #expect(trial.attempts.last?.workerName == "other")
                #expect(wasLost == trial.attempts.contains { $0.failure == .workerLost })
            }
        }
    }

    @Test func `a worker that hung is replaced, and what it says too late does not count`()
        async throws
    {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let hung = try await cluster.startWorker("hung")
            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 3))
            let first = try #require(try await cluster.running(1).first)
            let other = try await cluster.startWorker("other")

            hung.send(SIGSTOP)
            try await other.says("trial 1.1#2 of Exp1 starts")
            try await eventually("the first attempt has ended") {
                !ProcessTable.isAlive(first.id)
            }
            hung.send(SIGCONT)
            try await hung.says("trial 1.1#1 ended (succeeded)")
            let directory = "\(cluster.folder)/hung/trials/1.1-1"
            try await eventually("the worker was told to forget its result") {
                !FileManager.default.fileExists(atPath: directory)
            }
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)

            let trial = try #require(try await cluster.documents(of: sweep).first)
            #expect(trial.trial.state == .succeeded)
            #expect(trial.attempts.map(\.workerName) == ["hung", "other"])
            #expect(trial.attempts.map(\.failure) == [.workerLost, nil])
            #expect(trial.attempts.map { $0.outcome == "succeeded" } == [false, true])
            #expect(try await cluster.worker("hung").state == .connected, "it is of use again")
        }
    }

    @Test func `a worker that is asked to end gives back what waits and ends what runs`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let leaving = try await cluster.startWorker("leaving")
            // Short enough that the worker holds some ahead.
            let sweep = try await cluster.submit(rehearsal(trials: 12, seconds: 0.5))
            try await eventually("a trial waits on the worker") {
                try await cluster.worker("leaving").running.count >= 2
            }

            leaving.send(SIGTERM)
            #expect(try await leaving.end() == 0)
            let states = try await cluster.documents(of: sweep).map(\.trial.state)
            #expect(Set(states) == [.succeeded, .waiting])

            _ = try await cluster.startWorker("other")
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            let trials = try await cluster.documents(of: sweep)
            #expect(trials.map(\.trial.state) == Array(repeating: .succeeded, count: 12))
            #expect(!trials.contains { $0.attempts.contains { $0.failure == .workerLost } })
            // What had started was not started again; what waited was given back.
            for (trial, state) in zip(trials, states) where state == .succeeded {
                #expect(trial.attempts.count == 1)
            }
            #expect(trials.contains { $0.attempts.count == 2 })
        }
    }

    @Test func `the coordinator ends soon when asked to, while workers go on`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let coordinator = try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("w1")
            let sweep = try await cluster.submit(rehearsal(trials: 1, seconds: 4))
            let running = try await cluster.running(1)

            coordinator.send(SIGTERM)
            #expect(try await coordinator.end(within: .seconds(5)) == 0)
            #expect(ProcessTable.trials(under: cluster.folder) == running)
            #expect(worker.isRunning)

            try await cluster.startCoordinator()
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.trials(of: sweep).map(\.attempts) == [1])
        }
    }

    /// The process that started `id`.
    private func parent(of id: pid_t) -> pid_t? {
        let bytes = FileManager.default.contents(atPath: "/proc/\(id)/status") ?? Data()
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("PPid:") }
        return line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
    }
}
