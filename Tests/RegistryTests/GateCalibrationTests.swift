import Registry
import Testing
import Vocabulary

/// How often the gate is right, over many made-up gates with fixed seeds.
struct GateCalibrationTests {
    private static let repetitions = 250

    @Test
    func `nominal 95 % intervals cover the true difference`() throws {
        let covered = try count { seed in
            let champion = Losses.skewed(count: 200, seed: seed)
            let challenger = Losses.normal(mean: 0.7, deviation: 0.5, count: 200, seed: ~seed)
            return try interval(champion, challenger, blockRows: 1, seed).contains(0.3)
        }
        #expect((0.90...0.99).contains(covered))
    }

    @Test
    func `intervals of dependent rows cover with blocks and fail without`() throws {
        let share = { (blockRows: UInt32) in
            try count { seed in
                let champion = Losses.walk(count: 300, seed: seed)
                let challenger = [Double](repeating: 0, count: 300)
                return try interval(champion, challenger, blockRows: blockRows, seed).contains(0)
            }
        }
        #expect(try share(20) >= 0.88)
        #expect(try share(1) < 0.7)
    }

    @Test
    func `a challenger that is no better is hardly ever promoted`() throws {
        let promoted = try count { seed in
            let champion = Losses.skewed(count: 150, seed: seed)
            let challenger = Losses.skewed(count: 150, seed: ~seed)
            return try report(champion, challenger, blockRows: 1, seed).verdict == .promote
        }
        #expect(promoted <= 0.05)
    }

    @Test
    func `comparing means alone promotes every other one`() throws {
        let promoted = try count { seed in
            let champion = Losses.skewed(count: 150, seed: seed)
            let challenger = Losses.skewed(count: 150, seed: ~seed)
            return try report(champion, challenger, blockRows: 1, seed).difference ?? 0 > 0
        }
        #expect(promoted > 0.4)
    }

    @Test
    func `a challenger that is clearly better is nearly always promoted`() throws {
        let promoted = try count { seed in
            let champion = Losses.normal(mean: 1.3, deviation: 1, count: 300, seed: seed)
            let challenger = Losses.normal(mean: 1, deviation: 1, count: 300, seed: ~seed)
            return try report(champion, challenger, blockRows: 1, seed).verdict == .promote
        }
        #expect(promoted > 0.9)
    }

    private func count(_ holds: (UInt64) throws -> Bool) rethrows -> Double {
        let hits = try (1...Self.repetitions).count { try holds(UInt64($0)) }
        return Double(hits) / Double(Self.repetitions)
    }

    private func interval(
        _ champion: [Double], _ challenger: [Double], blockRows: UInt32, _ seed: UInt64
    ) throws -> ClosedRange<Double> {
        let report = try report(champion, challenger, blockRows: blockRows, seed)
        return try #require(report.lower)...#require(report.upper)
    }

    private func report(
        _ champion: [Double], _ challenger: [Double], blockRows: UInt32, _ seed: UInt64
    ) throws(GateError) -> GateReport {
        try Gate.judge(
            GateQuestion(
                challenger: challenger, champion: champion,
                policy: PromotionPolicy(resamples: 200, blockRows: blockRows), seed: seed))
    }
}
