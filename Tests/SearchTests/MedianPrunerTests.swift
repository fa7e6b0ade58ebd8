import Search
import Testing
import Vocabulary

struct MedianPrunerTests {
    @Test
    func `a trial worse than the median of running averages stops`() {
        var pruner = Pruner(.median(MedianRule(startupTrials: 3)), goal: .minimize)
        // Running averages at step 2: 2, 4, 6.
        for (trial, curve) in [[3.0, 1], [5, 3], [7, 5]].enumerated() {
            run(&pruner, trial: UInt32(trial), curve)
        }
        #expect(pruner.observe(trial: 10, step: 1, value: 5.1) == true)
        #expect(pruner.observe(trial: 11, step: 1, value: 5) == false)
        #expect(pruner.observe(trial: 11, step: 2, value: 99) == true)
        #expect(pruner.observe(trial: 12, step: 2, value: 4) == false)
        // The best so far counts, not the last.
        #expect(pruner.observe(trial: 13, step: 1, value: 3.5) == false)
        #expect(pruner.observe(trial: 13, step: 2, value: 99) == false)
    }

    @Test
    func `nothing stops before enough trials finished or enough steps passed`() {
        let rule = MedianRule(startupTrials: 2, warmupSteps: 3)
        var pruner = Pruner(.median(rule), goal: .maximize)
        run(&pruner, trial: 1, [5, 5, 5, 5, 5])
        for step in 1...5 as ClosedRange<UInt64> {
            #expect(pruner.observe(trial: 8, step: step, value: 0) == false)
        }
        run(&pruner, trial: 2, [5, 5, 5, 5, 5])
        for step in 1...3 as ClosedRange<UInt64> {
            #expect(pruner.observe(trial: 9, step: step, value: 0) == false)
        }
        #expect(pruner.observe(trial: 9, step: 4, value: 0) == true)
        #expect(pruner.observe(trial: 9, step: 5, value: 9) == true)
    }

    @Test
    func `stopped and restarted trials do not count as finished`() {
        var pruner = Pruner(.median(MedianRule(startupTrials: 1)), goal: .minimize)
        run(&pruner, trial: 1, [1])
        _ = pruner.observe(trial: 2, step: 1, value: 100)
        pruner.finish(trial: 2)
        let before = pruner
        _ = pruner.observe(trial: 3, step: 1, value: 0)
        pruner.restart(trial: 3)
        #expect(pruner == before)
        #expect(pruner.observe(trial: 4, step: 1, value: 1.1) == true)
    }

    @Test
    func `a trial that ended early counts with its last average`() {
        var pruner = Pruner(.median(MedianRule(startupTrials: 1)), goal: .minimize)
        run(&pruner, trial: 1, [2, 4])
        #expect(pruner.observe(trial: 2, step: 50, value: 3) == false)
        #expect(pruner.observe(trial: 3, step: 50, value: 3.1) == true)
    }

    @Test
    func `decisions are those of the plain definition`() {
        for goal in [Objective.Goal.minimize, .maximize] {
            let sign: Double = goal == .minimize ? 1 : -1
            var pruner = Pruner(.median(MedianRule(startupTrials: 4)), goal: goal)
            var finished: [[(step: UInt64, cost: Double)]] = []
            var source = RandomSource(seed: 21)
            var stops = 0
            for trial in 0..<400 as Range<UInt32> {
                var curve: [(step: UInt64, cost: Double)] = []
                var step: UInt64 = 0
                var isStopped = false
                while !isStopped, curve.count < 8 {
                    step += 1 + source.next(below: 3)
                    // Multiples of 1/8 keep sums exact in either order of adding.
                    let cost = Double(source.next(below: 64)) / 8
                    curve.append((step, cost))
                    let answer = pruner.observe(trial: trial, step: step, value: sign * cost)
                    isStopped = shouldStop(curve, finished)
                    #expect(answer == isStopped)
                }
                pruner.finish(trial: trial)
                if isStopped { stops += 1 } else { finished.append(curve) }
            }
            #expect((40..<360).contains(stops))
        }
    }

    @Test
    func `only the last thousand finished trials count`() {
        var pruner = Pruner(.median(MedianRule(startupTrials: 1)), goal: .minimize)
        for trial in 0..<400 as Range<UInt32> { run(&pruner, trial: trial, [100]) }
        #expect(pruner.observe(trial: 5000, step: 1, value: 50) == false)
        pruner.restart(trial: 5000)
        for trial in 400..<1400 as Range<UInt32> {
            pruner.restart(trial: trial)
            run(&pruner, trial: trial, [Double(trial % 10) / 100])
        }
        #expect(pruner.observe(trial: 5001, step: 1, value: 0.04) == false)
        #expect(pruner.observe(trial: 5002, step: 1, value: 0.05) == true)
    }

    @Test
    func `late steps are compared by their leading bits`() {
        var pruner = Pruner(.median(MedianRule(startupTrials: 1)), goal: .minimize)
        _ = pruner.observe(trial: 1, step: 1_000_000, value: 1)
        pruner.finish(trial: 1)
        #expect(pruner.observe(trial: 2, step: 900_000, value: 2) == false)
        #expect(pruner.observe(trial: 2, step: 999_999, value: 2) == true)
        #expect(pruner.observe(trial: 3, step: .max, value: 2) == true)
    }

    private func run(_ pruner: inout Pruner, trial: UInt32, _ curve: [Double]) {
        for (index, value) in curve.enumerated() {
            _ = pruner.observe(trial: trial, step: UInt64(index + 1), value: value)
        }
        pruner.finish(trial: trial)
    }

    /// The rule as the paper states it.
    private func shouldStop(
        _ curve: [(step: UInt64, cost: Double)], _ finished: [[(step: UInt64, cost: Double)]]
    ) -> Bool {
        guard finished.count >= 4, let step = curve.last?.step else { return false }
        let averages = finished.compactMap { other -> Double? in
            let costs = other.filter { $0.step <= step }.map(\.cost)
            return costs.isEmpty ? nil : costs.reduce(0, +) / Double(costs.count)
        }.sorted()
        guard !averages.isEmpty else { return false }
        let count = averages.count
        let median = (averages[(count - 1) / 2] + averages[count / 2]) / 2
        let best = curve.map(\.cost).min() ?? 0
        // Within rounding of each other either answer would do; the multiples never are.
        return best > median + 1e-9
    }
}
