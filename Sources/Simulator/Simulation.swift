import Vocabulary

/// A cluster in a simulated world, run from one seed: the same seed and options give the same run.
///
/// First comes the turmoil, in which faults are injected and nothing wrong may happen; then
/// everything is mended, and all work must come to its end (the safety and liveness phases of
/// TigerBeetle's simulator).
package struct Simulation {
    // A world that makes so many events is stuck in a loop that takes no time.
    private static let eventLimit = 2_000_000

    private let seed: UInt64
    private let options: SimulationOptions

    /// The run that `seed` gives under `options`.
    package init(seed: UInt64, options: SimulationOptions = .swarm) {
        self.seed = seed
        self.options = options
    }

    /// Runs it to its end.
    package mutating func run() -> SimulationReport {
        let world = World(seed: seed, options: options)
        let turmoil = Instant.zero + (options.hasFaults ? options.turmoil : .zero)
        let end = turmoil + options.patience
        var isDone = false
        // One broken promise breaks many more, so the first one ends the run.
        while !isDone, world.findings.violations.isEmpty, world.now < end,
            world.events < Self.eventLimit, world.advance()
        {
            if !world.isHealed, world.now >= turmoil { world.heal() }
            isDone = world.isHealed && world.events.isMultiple(of: 32) && world.isDone
        }
        if world.findings.violations.isEmpty {
            world.findings.require(
                isDone, "liveness", "never came to rest: \(world.unfinished)")
            world.compareReplay()
        }
        return report(on: world)
    }

    private func report(on world: World) -> SimulationReport {
        let enrolments = world.journalChecker.enrolments.counts
        return SimulationReport(
            seed: seed, events: world.events, simulated: world.now - .zero,
            faults: Fault.allCases.map { ($0.name, world.faultCounts[$0.rawValue]) },
            work: [
                ("sweeps", world.journalChecker.submitted),
                ("launches", world.executionChecker.launches),
                ("trials ended", world.journalChecker.finals),
                ("promotions", world.registryChecker.promotions),
                ("rollbacks", world.registryChecker.rollbacks),
                ("enrolments", enrolments.enrolments), ("approvals", enrolments.approvals),
                ("new keys", enrolments.rotations),
            ],
            violations: world.findings.violations, traceHash: world.trace.hash,
            isHarsh: world.executionChecker.isHarsh)
    }
}
