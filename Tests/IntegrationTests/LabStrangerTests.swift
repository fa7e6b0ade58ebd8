import API
import Client
import Foundation
import Testing
import Vocabulary
import ZeroMQ

/// A host in the network that nobody let in.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: Lab.isPossible, Lab.need))
struct LabStrangerTests {
    private let hosts = ["w1", "w2"]

    /// Every byte of the coordinator's journal.
    private func journal(_ cluster: Cluster) throws -> [Data] {
        try ["picoml.sqlite", "picoml.sqlite-wal"].map {
            try Data(contentsOf: URL(filePath: "\(cluster.state)/coordinator/\($0)"))
        }
    }

    @Test func `nothing that a stranger sends leaves a trace in the journal`() async throws {
        try await Cluster.run(on: ["coordinator", "stranger"] + hosts) { cluster, lab in
            let coordinator = try await cluster.startCoordinator(on: "coordinator", of: lab)
            let used = try await cluster.token("--uses", "2")
            let workers = try await cluster.startWorkers(on: hosts, of: lab, token: used)
            let before = try journal(cluster)

            let keys = try used.keys()
            try await lab.within("stranger") {
                let strangers = try Strangers(cluster)
                try strangers.sendGarbage(connections: 50)
                try strangers.sendPlain()
                try strangers.sendByPassword()
                try strangers.sendWithWrongServerKey()
                try strangers.sendWithUnknownKey()
                for socket in ["control", "artifacts"] {
                    var late = try RawPeer(cluster, keys: keys, socket: socket)
                    #expect(try !late.isLetIn(), "the token was used up")
                }
            }
            #expect(try journal(cluster) == before)
            #expect(try await cluster.client().workers().workers.map(\.name).sorted() == hosts)
            #expect(coordinator.isRunning)
            for worker in workers { #expect(!worker.log.contains("no coordinator")) }

            // The control: with a token that is in force the same host gets in.
            try await cluster.startWorkers(on: ["stranger"], of: lab)
            #expect(try journal(cluster) != before)
        }
    }

    @Test func `two thousand connections that say nothing are ended, and disturb nobody`()
        async throws
    {
        try await Cluster.run(on: ["coordinator", "stranger"] + hosts) { cluster, lab in
            // Of what most systems begin with they would leave the coordinator nothing.
            let few = ["prlimit", "--nofile=1024:8192"]
            let coordinator = try await cluster.startCoordinator(
                on: "coordinator", of: lab, through: few)
            let workers = try await cluster.startWorkers(on: hosts, of: lab)
            let sweep = try await cluster.submit(rehearsal(trials: 30, seconds: 0.4))
            try await cluster.succeeded(2, of: sweep)

            let ports = try ["control", "artifacts"].map { try cluster.published("worker", $0) }
            let idle = try await lab.within("stranger") { try IdleConnections(2000, to: ports) }
            #expect(idle.openCount > 1500, "they were all taken")
            // Meanwhile the port is open to others.
            let late = try await cluster.startWorkers(on: ["stranger"], of: lab)
            try await eventually("the coordinator has hung up") { idle.openCount == 0 }

            #expect(try await cluster.ended(sweep).sweep.phase == .finished)
            #expect(try await cluster.brokenPromises(of: sweep, trials: 30) == [])
            let attempts = try await cluster.documents(of: sweep).flatMap(\.attempts)
            #expect(attempts.count == 30)
            #expect(coordinator.isRunning)
            for worker in workers + late { #expect(!worker.log.contains("no coordinator")) }
        }
    }
}
