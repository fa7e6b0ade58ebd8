/// Many simulations, one after the other.
package struct SimulationRun: Sendable {
    /// How many simulations were run.
    package private(set) var count = 0
    /// Those that broke a promise, in the order of seeds.
    package private(set) var failures: [SimulationReport] = []

    /// Runs every seed of `seeds` and tells `progress` of each report as it comes.
    ///
    /// - Returns: The summary; a good one has no failures.
    package static func run(
        seeds: some Sequence<UInt64>, options: SimulationOptions = .swarm,
        progress: (SimulationReport) -> Void = { _ in }
    ) -> SimulationRun {
        var summary = SimulationRun()
        for seed in seeds {
            var simulation = Simulation(seed: seed, options: options)
            let report = simulation.run()
            summary.count += 1
            if !report.violations.isEmpty { summary.failures.append(report) }
            progress(report)
        }
        return summary
    }
}
