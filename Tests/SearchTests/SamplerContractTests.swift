import Search
import Testing
import Vocabulary

/// What every sampler promises, over every kind of space.
struct SamplerContractTests {
    @Test(arguments: SamplerSpec.allCases, Zoo.all)
    func `every suggestion is a point of the space`(sampler: SamplerSpec, specimen: Specimen) {
        let points = suggest(sampler, specimen, first: 0, count: 200)
        #expect(points.allSatisfy(specimen.admits))
        // A grid ends, and so does what learns once it has tried every point.
        let isEndless = !sampler.learns || Sampler.gridSize(of: specimen.space) == nil
        if sampler != .grid, isEndless { #expect(points.count == 200) }
    }

    @Test(arguments: SamplerSpec.allCases, Zoo.all)
    func `suggestions do not depend on batches`(sampler: SamplerSpec, specimen: Specimen) {
        // What learns looks at its batch, so as not to suggest a point twice.
        guard !sampler.learns || Sampler.gridSize(of: specimen.space) == nil else { return }
        let whole = suggest(sampler, specimen, first: 0, count: 40)
        let parts = [(0, 1), (1, 6), (7, 33)].flatMap {
            suggest(sampler, specimen, first: $0.0, count: $0.1)
        }
        let backwards = (0..<40).reversed().flatMap {
            suggest(sampler, specimen, first: $0, count: 1)
        }
        #expect(parts == whole)
        #expect(backwards.reversed() == whole)
    }

    @Test(arguments: [SamplerSpec.random, .sobol])
    func `another seed gives other suggestions`(sampler: SamplerSpec) {
        let specimen = Zoo.all[5]
        let first = suggest(sampler, specimen, first: 0, count: 20, seed: 1)
        let second = suggest(sampler, specimen, first: 0, count: 20, seed: 2)
        #expect(zip(first, second).allSatisfy { $0 != $1 })
    }

    @Test(arguments: SamplerSpec.allCases)
    func `the last numbers of the sequence end it`(sampler: SamplerSpec) {
        let points = suggest(sampler, Zoo.all[1], first: .max - 2, count: 10)
        #expect(points.count == (sampler == .grid ? 0 : sampler.learns ? 1 : 2))
        #expect(suggest(sampler, Zoo.all[1], first: 0, count: -1).isEmpty)
    }

    @Test(arguments: SamplerSpec.allCases)
    func `a space that means nothing gives no trap`(sampler: SamplerSpec) {
        let space = SearchSpace([
            Parameter("empty", .categorical([], weights: nil)),
            Parameter("reversed", .float(Interval(2, 1, scale: .logarithmic, quantum: -1))),
            Parameter("negative", .float(Interval(-2, 1, scale: .logarithmic))),
            Parameter("backward", .integer(Interval(5, -5, quantum: 0))),
            Parameter("between", .integer(Interval(11, 19, quantum: 10))),
            Parameter("beside", .float(Interval(0.2, 0.8, quantum: 1))),
            Parameter("infinite", .float(Interval(-.infinity, .infinity, quantum: 1))),
            Parameter("undefined", .normal(Normal(mean: .nan, deviation: .nan, quantum: .nan))),
            Parameter("weightless", .categorical([.integer(1)], weights: [0])),
            Parameter(
                "orphan", .integer(Interval(0, 1)),
                when: Condition(parameter: "nobody", values: [.integer(1)])),
            Parameter(
                "narcissus", .integer(Interval(0, 1)),
                when: Condition(parameter: "narcissus", values: [.integer(1)])),
        ])
        let points = Sampler.suggest(
            sampler, space: space, history: [], first: 0, count: 50, seed: 1)
        for point in points {
            let names = point.map(\.name)
            #expect(!names.contains("empty"))
            #expect(!names.contains("orphan"))
            #expect(!names.contains("narcissus"))
        }
        #expect(points.isEmpty == (sampler == .grid))
    }

    private func suggest(
        _ sampler: SamplerSpec, _ specimen: Specimen, first: UInt64, count: Int, seed: UInt64 = 9
    ) -> [[Assignment]] {
        Sampler.suggest(
            sampler, space: specimen.space, history: [], first: first, count: count, seed: seed)
    }
}
