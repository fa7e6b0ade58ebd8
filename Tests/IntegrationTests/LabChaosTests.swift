import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Faults drawn at random, one after the other and on top of each other.
@Suite(.timeLimit(.minutes(5)), .enabled(if: Lab.isPossible, Lab.need))
struct LabChaosTests {
    private static let troubled = ["w1", "w2", "w3"]
    private static let hosts = troubled + ["calm"]

    /// How many faults: a person may ask for up to 60, to look for what is rare.
    private static let rounds =
        ProcessInfo.processInfo.environment["PICOML_CHAOS_ROUNDS"].flatMap { Int($0) } ?? 8
    // Enough to last until the last of them.
    private static let count = 8 * rounds

    private struct Chaos {
        let cluster: Cluster
        let lab: Lab
        var random: RandomSource
        var coordinator: ChildProcess
        var workers: [String: ChildProcess]
        /// What was done, for the one who has to understand it.
        var story: [String] = []

        private mutating func draw(_ words: [String]) -> String {
            words[Int(random.nextUnit() * Double(words.count))]
        }

        private mutating func rest(upTo milliseconds: Double) async throws {
            let time = Int64(random.nextUnit() * milliseconds)
            try await ContinuousClock().sleep(for: .milliseconds(time))
        }

        mutating func round() async throws {
            let host = draw(troubled)
            let deed = draw(["link", "link", "link", "heal", "heal", "kill", "hang", "restart"])
            switch deed {
            case "link":
                let fault = draw(["partition", "mute", "deafen", "unplug"])
                let victim = draw([host, host, "coordinator"])
                story.append("\(fault) \(victim)")
                try await lab.change([fault, victim])
            case "heal":
                story.append("heal \(host)")
                try await lab.change(["heal", host, "coordinator"])
            case "kill":
                story.append("kill \(host)")
                workers[host]?.kill9()
                workers[host] = try cluster.launch(
                    host,
                    [
                        "worker", "run", "--state", "\(cluster.folder)/\(host)", "--cpus", "1",
                        "--log-level", "debug",
                    ], prefix: lab.prefix(for: host))
            case "hang":
                story.append("hang \(host)")
                workers[host]?.send(SIGSTOP)
                try await rest(upTo: 4000)
                workers[host]?.send(SIGCONT)
            default:
                story.append("restart")
                coordinator.kill9()
                try await rest(upTo: 500)
                coordinator = try await cluster.startCoordinator(on: "coordinator", of: lab)
            }
            try await rest(upTo: 1500)
        }
    }

    @Test func `whatever befalls hosts and links, in whatever order, every promise holds`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        try await Cluster.run(on: ["coordinator"] + Self.hosts) { cluster, lab in
            let coordinator = try await cluster.startCoordinator(on: "coordinator", of: lab)
            let workers = try await cluster.startWorkers(on: Self.hosts, of: lab)
            let sweep = try await cluster.submit(
                rehearsal(
                    trials: Self.count, seconds: 0.6, more: "retries: {lost_worker: 99}"))
            var chaos = Chaos(
                cluster: cluster, lab: lab, random: RandomSource(seed: seed),
                coordinator: coordinator,
                workers: Dictionary(uniqueKeysWithValues: zip(Self.hosts, workers)))
            for _ in 0..<Self.rounds { try await chaos.round() }
            try await lab.change(["heal"])
            for host in Self.hosts { try await cluster.sees(host, .connected) }

            let story: Comment = "seed \(seed): \(chaos.story.joined(separator: ", "))"
            let ended = try await cluster.ended(sweep, within: .seconds(120))
            #expect(ended.sweep.phase == .finished, story)
            #expect(
                try await cluster.brokenPromises(of: sweep, trials: Self.count) == [], story)
            #expect(chaos.workers.values.filter(\.isRunning).count == Self.hosts.count, story)
            #expect(chaos.coordinator.isRunning, story)
        }
    }
}
