import Registry
import Testing
import Vocabulary

struct GateTests {
    @Test
    func `without a champion the challenger is promoted`() throws {
        let report = try judge([1, 3], against: nil)
        #expect(report.verdict == .promote)
        #expect(report.rows == 2)
        #expect(report.challengerLoss == 2)
        #expect(report.championLoss == nil)
        #expect(report.difference == nil)
        #expect(report.lower == nil)
        #expect(
            report.reason == "There is no champion yet, so the challenger becomes the first: its "
                + "mean loss is 2 on 2 rows.")
    }

    @Test
    func `a clearly better challenger is promoted and a worse one is not`() throws {
        let good = Losses.normal(mean: 1, deviation: 0.2, count: 400, seed: 1)
        let bad = Losses.normal(mean: 1.1, deviation: 0.2, count: 400, seed: 2)
        let promoted = try judge(good, against: bad)
        #expect(promoted.verdict == .promote)
        let lower = try #require(promoted.lower)
        let upper = try #require(promoted.upper)
        let difference = try #require(promoted.difference)
        #expect(0 < lower && lower < difference && difference < upper)
        #expect(promoted.reason.hasPrefix("The challenger is better: "))
        let kept = try judge(bad, against: good)
        #expect(kept.verdict == .keep)
        #expect(kept.reason.hasPrefix("The champion stays: "))
        #expect(kept.reason.contains(" above the champion's on 400 rows"))
    }

    @Test
    func `equal losses keep the champion`() throws {
        let losses = Losses.normal(mean: 1, deviation: 0.2, count: 50, seed: 1)
        let report = try judge(losses, against: losses)
        #expect(report.verdict == .keep)
        #expect(report.difference == 0)
        #expect(report.lower == 0)
        #expect(report.upper == 0)
        #expect(
            report.reason
                == "The champion stays: both have the same mean loss on 50 rows.")
    }

    @Test
    func `a gain within the margin keeps the champion`() throws {
        let challenger = [Double](repeating: 1, count: 100)
        let champion = [Double](repeating: 1.5, count: 100)
        #expect(try judge(challenger, against: champion, margin: 0.49).verdict == .promote)
        #expect(try judge(challenger, against: champion, margin: 0.5).verdict == .keep)
    }

    @Test
    func `too few blocks keep the champion`() throws {
        let challenger = [Double](repeating: 1, count: 19)
        let champion = [Double](repeating: 2, count: 19)
        #expect(try judge(challenger, against: champion, blockRows: 1).verdict == .promote)
        let report = try judge(challenger, against: champion, blockRows: 2)
        #expect(report.verdict == .keep)
        #expect(report.lower == nil)
        #expect(report.difference == 1)
        #expect(report.reason.contains("too few"))
    }

    @Test
    func `the same question gets the same answer`() throws {
        let left = Losses.normal(mean: 1, deviation: 1, count: 101, seed: 1)
        let right = Losses.normal(mean: 1, deviation: 1, count: 101, seed: 2)
        let report = try judge(left, against: right, blockRows: 3)
        #expect(try judge(left, against: right, blockRows: 3) == report)
        #expect(try judge(left, against: right, blockRows: 3, seed: 8).lower != report.lower)
    }

    @Test
    func `rows that depend on their neighbours widen the interval`() throws {
        let champion = Losses.walk(count: 1000, seed: 4)
        let challenger = [Double](repeating: 0, count: 1000)
        let width = { (report: GateReport) in (report.upper ?? 0) - (report.lower ?? 0) }
        let single = width(try judge(challenger, against: champion, blockRows: 1))
        let blocks = width(try judge(challenger, against: champion, blockRows: 25))
        #expect(blocks > 1.7 * single)
    }

    @Test
    func `losses that cannot be compared are refused`() {
        #expect(throws: GateError.noRows) { try judge([], against: nil) }
        #expect(throws: GateError.noRows) { try judge([], against: []) }
        #expect(throws: GateError.rowCountMismatch(challenger: 2, champion: 1)) {
            try judge([1, 2], against: [1])
        }
        #expect(throws: GateError.nonFiniteLoss(row: 1)) { try judge([1, .nan], against: nil) }
        #expect(throws: GateError.nonFiniteLoss(row: 0)) {
            try judge([1, 2], against: [.infinity, 1])
        }
        #expect(throws: GateError.nonFiniteLoss(row: 1)) {
            try judge([1e308, 1e308], against: nil)
        }
        let huge = [Double](repeating: 1.5e308, count: 1)
        #expect(throws: GateError.nonFiniteLoss(row: 0)) {
            try judge(huge, against: huge.map { -$0 })
        }
    }

    @Test
    func `policies out of range are refused`() {
        let policies = [
            PromotionPolicy(confidence: 0.4), PromotionPolicy(confidence: 1),
            PromotionPolicy(confidence: .nan), PromotionPolicy(resamples: 99),
            PromotionPolicy(resamples: 100_001), PromotionPolicy(blockRows: 0),
            PromotionPolicy(margin: -1), PromotionPolicy(margin: .nan),
        ]
        for policy in policies {
            let question = GateQuestion(
                challenger: [1], champion: nil, policy: policy, seed: 1)
            #expect(throws: GateError.invalidPolicy) { try Gate.judge(question) }
        }
    }

    private func judge(
        _ challenger: [Double], against champion: [Double]?, blockRows: UInt32 = 1,
        margin: Double = 0, seed: UInt64 = 7
    ) throws(GateError) -> GateReport {
        try Gate.judge(
            GateQuestion(
                challenger: challenger, champion: champion,
                policy: PromotionPolicy(blockRows: blockRows, margin: margin), seed: seed))
    }
}
