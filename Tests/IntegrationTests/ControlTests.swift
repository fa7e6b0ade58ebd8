import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// What people do to sweeps and clusters from the command line.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ControlTests {
    @Test func `a paused sweep starts nothing until it is resumed, a cancelled one ends`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            let first = try await cluster.submit(rehearsal(trials: 100, seconds: 0.3))
            try await cluster.succeeded(2, of: first)
            #expect(try await cluster.picoml("sweep", "pause", "\(first)").code == 0)
            let before = try await cluster.trials(of: first).map(\.attempts).reduce(0, +)

            // A whole sweep passes meanwhile.
            let second = try await cluster.submit(rehearsal(trials: 3, seconds: 0.3))
            #expect(try await cluster.ended(second).sweep.phase == .finished)
            let paused = try await cluster.client().sweep(first)
            #expect(paused.sweep.paused)
            #expect(paused.sweep.phase == .searching)
            #expect(paused.sweep.trials.running == 0)
            let after = try await cluster.trials(of: first).map(\.attempts).reduce(0, +)
            #expect(after == before)

            #expect(try await cluster.picoml("sweep", "resume", "\(first)").code == 0)
            try await cluster.succeeded(paused.sweep.trials.succeeded + 2, of: first)
            #expect(try await cluster.picoml("sweep", "cancel", "\(first)").code == 0)
            #expect(try await cluster.ended(first).sweep.phase == .cancelled)
            _ = try await cluster.running(0)
            #expect(try await cluster.picoml("sweep", "watch", "\(first)").code == 4)
            let again = try await cluster.picoml("sweep", "resume", "\(first)")
            #expect(again.code == 1)
            #expect(again.errors.contains("has ended"), "\(again.errors)")
        }
    }

    @Test func `a later sweep with a higher priority goes first`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("w1")
            let patient = try await cluster.submit(rehearsal(trials: 100, seconds: 0.3))
            try await cluster.succeeded(1, of: patient)
            let urgent = try await cluster.submit(
                rehearsal(trials: 4, seconds: 0.3, more: "priority: 7"))
            #expect(try await cluster.ended(urgent).sweep.phase == .finished)

            let starts = try await cluster.documents(of: urgent)
                .flatMap(\.attempts).map(\.started.milliseconds)
            let first = try #require(starts.min())
            let last = try #require(starts.max())
            let between = try await cluster.documents(of: patient).flatMap(\.attempts)
                .filter { (first + 1..<last).contains($0.started.milliseconds) }
            #expect(between.isEmpty, "none of the other sweep was placed between")
            #expect(try await !cluster.client().sweep(patient).sweep.phase.isFinal)
        }
    }

    @Test func `up runs workers for as long as it runs, and Control-C ends all`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            let up = try await cluster.startUp(workers: 2)
            try await eventually("both workers have joined") {
                let workers = try await cluster.client().workers().workers
                return workers.filter { $0.state == .connected }.count == 2
            }
            // Longer than idle threads live, with which workers must not end.
            let sweep = try await cluster.submit(rehearsal(trials: 2, seconds: 8))
            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.trials(of: sweep).map(\.attempts) == [1, 1])

            _ = try await cluster.submit(rehearsal(trials: 2, seconds: 600))
            _ = try await cluster.running(2)
            up.send(SIGINT)
            #expect(try await up.end() == 0)
            #expect(ProcessTable.all(under: cluster.folder).isEmpty)
        }
    }
}
