import Search
import Testing
import Vocabulary

struct PrunerTests {
    private static let specs: [PrunerSpec] = [
        .none, .median(MedianRule()), .asha(HalvingRule()),
    ]

    @Test(arguments: specs)
    func `the same calls give the same decisions and an equal value`(spec: PrunerSpec) {
        var (left, right) = (Pruner(spec, goal: .minimize), Pruner(spec, goal: .minimize))
        #expect(script(&left) == script(&right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
    }

    @Test(arguments: specs)
    func `values that are no numbers change nothing`(spec: PrunerSpec) {
        var pruner = Pruner(spec, goal: .maximize)
        _ = script(&pruner)
        let before = pruner
        for value in [Double.nan, .infinity, -.infinity] {
            #expect(pruner.observe(trial: 900, step: 1, value: value) == false)
        }
        #expect(pruner == before)
    }

    @Test(arguments: specs)
    func `values at the ends of the range are compared`(spec: PrunerSpec) {
        var pruner = Pruner(spec, goal: .minimize)
        let greatest = Double.greatestFiniteMagnitude
        for trial in 0..<9 as Range<UInt32> {
            for step in 1...4 as ClosedRange<UInt64> {
                _ = pruner.observe(trial: trial, step: step, value: -greatest)
            }
            pruner.finish(trial: trial)
        }
        #expect(pruner.observe(trial: 50, step: 1, value: greatest) == (spec != .none))
        #expect(pruner.observe(trial: 51, step: 1, value: -greatest) == false)
    }

    @Test
    func `without a rule nothing stops`() {
        var pruner = Pruner(.none, goal: .minimize)
        #expect(!script(&pruner).contains(true))
    }

    @Test(arguments: specs.dropFirst())
    func `bad trials stop sooner than good ones`(spec: PrunerSpec) {
        var pruner = Pruner(spec, goal: .minimize)
        var source = RandomSource(seed: 8)
        var lengths: [Bool: [Int]] = [true: [], false: []]
        for trial in 0..<300 as Range<UInt32> {
            let isGood = trial % 4 == 0
            var step: UInt64 = 0
            var isStopped = false
            while !isStopped, step < 27 {
                step += 1
                let value = (isGood ? 1 : 2) + source.nextUnit() + 1 / Double(step)
                isStopped = pruner.observe(trial: trial, step: step, value: value)
            }
            pruner.finish(trial: trial)
            lengths[isGood]?.append(Int(step))
        }
        let means = lengths.mapValues { $0.reduce(0, +) / $0.count }
        #expect((means[true] ?? 0) > 2 * (means[false] ?? 99))
    }

    private func script(_ pruner: inout Pruner) -> [Bool] {
        var source = RandomSource(seed: 2)
        return (0..<600).map { _ in
            let trial = UInt32(source.next(below: 60))
            switch source.next(below: 10) {
            case 0:
                pruner.finish(trial: trial)
                return false
            case 1:
                pruner.restart(trial: trial)
                return false
            default:
                return pruner.observe(
                    trial: trial, step: 1 + source.next(below: 30), value: source.nextUnit())
            }
        }
    }
}
