import Simulator
import Testing
import Vocabulary

@Suite struct SimulationTests {
    @Test(arguments: 0..<10)
    func `thirty swarms keep every promise and come to rest`(block: UInt64) {
        let seeds = block * 30 + 1...block * 30 + 30
        let run = SimulationRun.run(seeds: seeds)
        #expect(run.count == 30)
        #expect(run.failures.isEmpty, "\(run.failures.map(\.description))")
    }

    @Test func `the same seed gives the same trace`() {
        for seed in UInt64(1)...5 {
            var first = Simulation(seed: seed)
            var second = Simulation(seed: seed)
            #expect(first.run().traceHash == second.run().traceHash)
        }
    }

    @Test func `other seeds give other traces`() {
        var hashes: Set<UInt64> = []
        _ = SimulationRun.run(seeds: UInt64(1)...5) { hashes.insert($0.traceHash) }
        #expect(hashes.count == 5)
    }

    @Test func `the swarm meets every fault and every kind of work`() {
        var counts: [String: Int] = [:]
        _ = SimulationRun.run(seeds: UInt64(1)...60) { report in
            for (kind, count) in report.faults + report.work { counts[kind, default: 0] += count }
        }
        for (kind, count) in counts { #expect(count > 0, "\(kind) never happened") }
    }

    @Test func `without faults everything ends soon and every launch counts once`() {
        for seed in UInt64(1)...10 {
            var simulation = Simulation(
                seed: seed, options: SimulationOptions(hasFaults: false))
            let report = simulation.run()
            #expect(report.violations.isEmpty, "\(report)")
            #expect(report.faults.allSatisfy { $0.count == 0 })
            #expect(report.simulated < .seconds(900), "\(report)")
        }
    }

    @Test(arguments: Sabotage.allCases.filter { $0 != .none })
    func `every sabotage is found within a hundred seeds`(sabotage: Sabotage) {
        let isFound = (UInt64(1)...100).contains { seed in
            var simulation = Simulation(
                seed: seed, options: SimulationOptions(sabotage: sabotage))
            return !simulation.run().violations.isEmpty
        }
        #expect(isFound)
    }

    @Test func `a violation comes with the command that repeats it`() throws {
        let run = SimulationRun.run(
            seeds: UInt64(1)...20, options: SimulationOptions(sabotage: .acknowledgeBeforeCommit))
        let report = try #require(run.failures.first)
        #expect(report.description.hasSuffix("repeat it: picoml simulate --seed \(report.seed)"))
        #expect(report.violations.first?.checker == "acknowledgement")
    }

    @Test func `impatience is a violation`() throws {
        var simulation = Simulation(
            seed: 1,
            options: SimulationOptions(
                turmoil: .seconds(1), patience: .milliseconds(100), hasFaults: true))
        #expect(simulation.run().violations.map(\.checker) == ["liveness"])
    }
}
