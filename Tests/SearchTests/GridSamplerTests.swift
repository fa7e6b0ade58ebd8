import Search
import Testing
import Vocabulary

struct GridSamplerTests {
    @Test
    func `points come in the order of the file, the last parameter fastest`() {
        let space = SearchSpace([
            Parameter("a", .integer(Interval(1, 2))),
            Parameter("c", .constant(.string("k"))),
            Parameter("b", .float(Interval(0, 1, quantum: 0.5))),
        ])
        #expect(Sampler.gridSize(of: space) == 6)
        #expect(
            texts(space) == [
                "a=1 c=k b=0.0", "a=1 c=k b=0.5", "a=1 c=k b=1.0",
                "a=2 c=k b=0.0", "a=2 c=k b=0.5", "a=2 c=k b=1.0",
            ])
    }

    @Test
    func `conditional parameters multiply only their branches`() {
        #expect(Sampler.gridSize(of: Zoo.branches) == 26)
        #expect(
            texts(Zoo.branches).prefix(8) == [
                "kernel=linear cost=0.1", "kernel=linear cost=1.5",
                "kernel=poly degree=2 cost=0.1 gamma=1", "kernel=poly degree=2 cost=0.1 gamma=2",
                "kernel=poly degree=2 cost=1.5 gamma=1", "kernel=poly degree=2 cost=1.5 gamma=2",
                "kernel=poly degree=3 cost=0.1 shift=false gamma=1",
                "kernel=poly degree=3 cost=0.1 shift=false gamma=2",
            ])
        #expect(texts(Zoo.branches).last == "kernel=rbf cost=1.5 gamma=2")
    }

    @Test(arguments: Zoo.finite)
    func `a grid is the plain enumeration of its space`(specimen: Specimen) {
        let expected = enumerate(specimen.space.parameters[...], given: [])
        let points = Sampler.suggest(
            .grid, space: specimen.space, history: [], first: 0, count: expected.count + 10,
            seed: 0)
        #expect(points == expected)
        #expect(Sampler.gridSize(of: specimen.space) == UInt64(expected.count))
    }

    @Test
    func `an exhausted grid gives no more`() {
        let space = SearchSpace([Parameter("a", .integer(Interval(1, 3)))])
        let suggest = { (first: UInt64) in
            Sampler.suggest(.grid, space: space, history: [], first: first, count: 2, seed: 0).count
        }
        #expect(suggest(0) == 2)
        #expect(suggest(2) == 1)
        #expect(suggest(3) == 0)
    }

    @Test
    func `a grid beyond counting has no size and no points`() {
        let full = Parameter("a", .integer(Interval(Int64.min, Int64.max)))
        let half = Parameter("b", .integer(Interval(1, Int64.max)))
        let pair = Parameter("c", .integer(Interval(0, 2)))
        for space in [[full], [half, pair], [Parameter("x", .float(Interval(0, 1)))]] {
            #expect(Sampler.gridSize(of: SearchSpace(space)) == nil)
            #expect(
                Sampler.suggest(
                    .grid, space: SearchSpace(space), history: [], first: 0, count: 1, seed: 0
                ).isEmpty)
        }
        #expect(
            Sampler.gridSize(
                of: SearchSpace([Parameter("n", .normal(Normal(mean: 0, deviation: 1)))]))
                == nil)
        #expect(Sampler.gridSize(of: SearchSpace([half])) == UInt64(Int64.max))
    }

    @Test
    func `a point of a huge grid is found without the ones before`() {
        let space = SearchSpace(
            (0..<15).map { Parameter("p\($0)", .integer(Interval(0, 15))) } + [
                Parameter(
                    "q", .integer(Interval(0, 15)),
                    when: Condition(parameter: "p0", values: [.integer(15)]))
            ])
        let size: UInt64 = 15 << 56 + 16 << 56
        #expect(Sampler.gridSize(of: space) == size)
        let last = Sampler.suggest(
            .grid, space: space, history: [], first: size - 1, count: 5, seed: 0)
        #expect(last.count == 1)
        #expect(last[0].allSatisfy { $0.value == .integer(15) })
    }

    @Test
    func `steps between decimal fractions stay decimal`() {
        let space = SearchSpace([Parameter("x", .float(Interval(0.1, 0.7, quantum: 0.1)))])
        #expect(
            texts(space) == [
                "x=0.1", "x=0.2", "x=0.3", "x=0.4", "x=0.5", "x=0.6", "x=0.7",
            ])
    }

    private func texts(_ space: SearchSpace) -> [String] {
        Sampler.suggest(.grid, space: space, history: [], first: 0, count: 1000, seed: 0)
            .map { point in point.map { "\($0.name)=\($0.value)" }.joined(separator: " ") }
    }

    /// The definition of the grid: all values of the first parameter, each with all points of
    /// the rest.
    private func enumerate(
        _ parameters: ArraySlice<Parameter>, given point: [Assignment]
    ) -> [[Assignment]] {
        guard let parameter = parameters.first else { return [point] }
        if let condition = parameter.condition {
            let value = point.first { $0.name == condition.parameter }?.value
            guard let value, condition.values.contains(value) else {
                return enumerate(parameters.dropFirst(), given: point)
            }
        }
        return values(parameter.domain).flatMap { value in
            enumerate(parameters.dropFirst(), given: point + [Assignment(parameter.name, value)])
        }
    }

    private func values(_ domain: Domain) -> [ParameterValue] {
        switch domain {
        case .constant(let value): [value]
        case .categorical(let values, _): values
        case .integer(let interval):
            (interval.lower...interval.upper).filter { $0 % (interval.quantum ?? 1) == 0 }
                .map { .integer($0) }
        case .float(let interval):
            (-100...100).map { Double($0) / (1 / (interval.quantum ?? 1)) }
                .filter { $0 >= interval.lower && $0 <= interval.upper }.map { .float($0) }
        case .normal: []
        }
    }
}
