import Search
import Testing
import Vocabulary

struct HalvingPrunerTests {
    private let rule = HalvingRule(minimumStep: 1, reductionFactor: 3, maximumStep: 9)

    @Test
    func `the first to arrive go on and later ones must be among the best`() {
        var pruner = Pruner(.asha(rule), goal: .minimize)
        let answers = [9.0, 8, 7, 6, 7.5, 5, 6.5, 5.5].enumerated().map { trial, value in
            pruner.observe(trial: UInt32(trial), step: 1, value: value)
        }
        // Of 3 ... 5 values the best goes on, of 6 ... 8 the best two.
        #expect(answers == [false, false, false, false, true, false, true, false])
    }

    @Test
    func `maximising mirrors minimising`() {
        var low = Pruner(.asha(rule), goal: .minimize)
        var high = Pruner(.asha(rule), goal: .maximize)
        var source = RandomSource(seed: 4)
        var stops = 0
        for trial in 0..<200 as Range<UInt32> {
            let value = source.nextUnit()
            let answer = low.observe(trial: trial, step: 1, value: value)
            #expect(high.observe(trial: trial, step: 1, value: -value) == answer)
            stops += answer ? 1 : 0
        }
        #expect((100..<160).contains(stops))
    }

    @Test
    func `between rungs and above the last nothing is decided`() {
        var pruner = Pruner(.asha(rule), goal: .minimize)
        for trial in 1...20 as ClosedRange<UInt32> {
            for step in [1, 3, 9] as [UInt64] {
                _ = pruner.observe(trial: trial, step: step, value: 1)
            }
        }
        #expect(pruner.observe(trial: 30, step: 1, value: 0.5) == false)
        #expect(pruner.observe(trial: 30, step: 2, value: 100) == false)
        #expect(pruner.observe(trial: 30, step: 9, value: 0.5) == false)
        #expect(pruner.observe(trial: 30, step: 27, value: 100) == false)
        #expect(pruner.observe(trial: 31, step: 3, value: 100) == true)
    }

    @Test
    func `a stopped trial stays stopped`() {
        var pruner = Pruner(.asha(rule), goal: .minimize)
        for trial in 1...3 as ClosedRange<UInt32> {
            _ = pruner.observe(trial: trial, step: 1, value: 1)
        }
        #expect(pruner.observe(trial: 4, step: 1, value: 2) == true)
        #expect(pruner.observe(trial: 4, step: 2, value: 0) == true)
        pruner.restart(trial: 4)
        #expect(pruner.observe(trial: 4, step: 1, value: 0) == false)
    }

    @Test
    func `equal trials go on together`() {
        var pruner = Pruner(.asha(rule), goal: .maximize)
        for trial in 1...50 as ClosedRange<UInt32> {
            #expect(pruner.observe(trial: trial, step: 1, value: 0.5) == false)
        }
    }

    @Test
    func `a restarted trial leaves the pruner as if it had not been`() {
        var pruner = Pruner(.asha(rule), goal: .minimize)
        for trial in 1...5 as ClosedRange<UInt32> {
            _ = pruner.observe(trial: trial, step: 1, value: Double(trial))
        }
        let before = pruner
        _ = pruner.observe(trial: 9, step: 1, value: 0.5)
        _ = pruner.observe(trial: 9, step: 3, value: 0.5)
        #expect(pruner != before)
        pruner.restart(trial: 9)
        #expect(pruner == before)
    }

    @Test
    func `decisions are those of the plain definition`() {
        var pruner = Pruner(.asha(HalvingRule(reductionFactor: 4)), goal: .minimize)
        var rungs: [UInt64: [Double]] = [:]
        var source = RandomSource(seed: 11)
        var stops = 0
        for trial in 0..<2500 as Range<UInt32> {
            var step: UInt64 = 1
            while step <= 64 {
                // Few different values, so that ties are frequent.
                let value = Double(source.next(below: 500))
                let rung = rungs[step, default: []] + [value]
                rungs[step] = rung
                let better = rung.count { $0 < value }
                let expected = rung.count >= 4 && better >= rung.count / 4
                let isStopped = pruner.observe(trial: trial, step: step, value: value)
                #expect(isStopped == expected)
                if isStopped {
                    stops += 1
                    break
                }
                step *= 4
            }
            pruner.finish(trial: trial)
        }
        #expect(stops > 1500)
    }

    @Test
    func `extreme settings give no trap`() {
        for rule in [
            HalvingRule(minimumStep: 0, reductionFactor: 0),
            HalvingRule(minimumStep: .max, reductionFactor: .max),
            HalvingRule(minimumStep: 5, reductionFactor: 2, maximumStep: 1),
        ] {
            var pruner = Pruner(.asha(rule), goal: .minimize)
            for trial in 0..<9 as Range<UInt32> {
                _ = pruner.observe(trial: trial, step: .max, value: 1)
                _ = pruner.observe(trial: trial, step: 0, value: 1)
            }
            #expect(pruner.observe(trial: 99, step: 0, value: 1) == false)
        }
    }
}
