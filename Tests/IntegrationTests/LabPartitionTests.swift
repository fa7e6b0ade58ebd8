import API
import Client
import Foundation
import Testing
import Vocabulary

/// Networks that break while a sweep runs.
@Suite(
    .serialized, .timeLimit(.minutes(3)), .enabled(if: Lab.isPossible, Lab.need))
struct LabPartitionTests {
    /// What befalls hosts, as `scripts/netlab` calls it.
    private struct Fault: CustomTestStringConvertible {
        let name: String
        let hosts: [String]
        /// The workers that it parts from the coordinator.
        var lost: [String] { hosts == ["coordinator"] ? workers : hosts }

        var testDescription: String { "\(name) \(hosts.joined(separator: " "))" }
    }

    private static let workers = (1...8).map { "w\($0)" }

    private static let faults = [
        Fault(name: "partition", hosts: ["w1"]),
        Fault(name: "partition", hosts: ["w1", "w2", "w3", "w4"]),
        Fault(name: "partition", hosts: ["coordinator"]),
        Fault(name: "mute", hosts: ["w1", "w2"]),
        Fault(name: "deafen", hosts: ["w1", "w2"]),
    ]

    @Test(arguments: faults)
    private func `workers out of reach are replaced, and what they did meanwhile counts once`(
        _ fault: Fault
    ) async throws {
        try await Cluster.run(on: ["coordinator"] + Self.workers) { cluster, lab in
            try await cluster.startCoordinator(on: "coordinator", of: lab)
            let processes = try await cluster.startWorkers(on: Self.workers, of: lab)
            let count = 48
            let sweep = try await cluster.submit(rehearsal(trials: count, seconds: 1.2))
            try await cluster.succeeded(4, of: sweep)

            try await lab.change([fault.name] + fault.hosts)
            for host in fault.lost { try await cluster.sees(host, .away) }
            let list = try await cluster.client().workers().workers
            #expect(list.filter { $0.state == .connected }.count == 8 - fault.lost.count)
            // They go on with what they have: the results wait on their disks.
            try await eventually("a worker out of reach keeps a result") {
                try cluster.spooledBytes(of: fault.lost[0]) > 0
            }
            try await lab.change(["heal"])
            for host in fault.lost { try await cluster.sees(host, .connected) }

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: count) == [])
            let attempts = try await cluster.documents(of: sweep).flatMap(\.attempts)
            let lost = attempts.filter { $0.failure == .workerLost }
            #expect(!lost.isEmpty, "the fault cost somebody something")
            #expect(Set(lost.map(\.workerName)).isSubset(of: fault.lost))
            #expect(processes.filter(\.isRunning).count == 8)
        }
    }
}
