import Search
import Testing
import Vocabulary

/// What the sampler that learns does with what it is told.
struct ParzenSamplerTests {
    private static let square = SearchSpace([
        Parameter("x", .float(Interval(0, 1))), Parameter("y", .float(Interval(0, 1))),
    ])

    @Test func `it comes closer to an optimum than points that are spread evenly`() {
        let distances = (1...10).map { (seed: UInt64) in
            [SamplerSpec.tpe, .sobol].map { sampler in
                minimum(of: Self.square, sampler, trials: 60, seed: seed, cost: bowl)
            }
        }
        let total = distances.reduce([0, 0]) { [$0[0] + $1[0], $0[1] + $1[1]] }
        #expect(total[0] < total[1] / 4, "\(total)")
    }

    @Test func `costs that say nothing bring it no closer`() {
        let distances = (1...10).map { (seed: UInt64) -> [Double] in
            var noise = RandomSource(seed: seed)
            return [SamplerSpec.tpe, .sobol].map { sampler in
                var best = Double.infinity
                _ = minimum(of: Self.square, sampler, trials: 60, seed: seed) { point in
                    best = min(best, bowl(point))
                    return noise.nextUnit()
                }
                return best
            }
        }
        let total = distances.reduce([0, 0]) { [$0[0] + $1[0], $0[1] + $1[1]] }
        #expect(total[0] > total[1] / 4, "\(total)")
    }

    @Test func `where trials failed for their parameters it seldom goes again`() {
        // Costs say nothing, so that only the failures tell the halves apart.
        let shares = [true, false].map { (fails: Bool) -> Int in
            (1...6).reduce(0) { $0 + lateTrialsOnTheLeft(seed: $1, whichFail: fails) }
        }
        #expect(2 * shares[0] < shares[1], "\(shares)")
    }

    /// How many of the last 60 of 80 trials lie in the left half of the square.
    private func lateTrialsOnTheLeft(seed: UInt64, whichFail: Bool) -> Int {
        var noise = RandomSource(seed: seed)
        var history: [Observation] = []
        for number in 0..<80 {
            let point = points(
                Self.square, .tpe, history, first: UInt64(number), count: 1, seed: seed)[0]
            let cost = noise.nextUnit()
            let isFailed = whichFail && self.number("x", of: point) < 0.5
            history.append(Observation(point, isFailed ? .infeasible : .succeeded(cost: cost)))
        }
        return history.suffix(60).count { self.number("x", of: $0.assignments) < 0.5 }
    }

    @Test func `it learns nothing from trials that have not ended`() {
        let pending = points(Self.square, .random, [], count: 50)
            .map { Observation($0, .pending) }
        #expect(
            points(Self.square, .tpe, pending, first: 50, count: 5)
                == points(Self.square, .sobol, [], first: 50, count: 5))
    }

    @Test func `points near running trials are left to them`() {
        let space = SearchSpace([Parameter("x", .float(Interval(0, 1)))])
        let known = points(space, .random, [], count: 30).map {
            Observation($0, .succeeded(cost: (number("x", of: $0) - 0.5).magnitude))
        }
        let running = (0..<30).map { index in
            let place = 0.45 + Double(index) / 300
            return Observation([Assignment("x", .float(place))], .pending)
        }
        let near = [known, known + running].map { (history: [Observation]) -> Int in
            (0..<40).count { (number: Int) -> Bool in
                let point = points(space, .tpe, history, first: UInt64(number), count: 1)[0]
                return (self.number("x", of: point) - 0.5).magnitude < 0.05
            }
        }
        #expect(near[0] > 2 * near[1], "\(near)")
    }

    @Test func `running trials count however many have ended`() {
        let space = SearchSpace([Parameter("x", .float(Interval(0, 1)))])
        let known = points(space, .random, [], count: 3000).map {
            Observation($0, .succeeded(cost: (number("x", of: $0) - 0.5).magnitude))
        }
        let running = (0..<400).map { index in
            Observation([Assignment("x", .float(0.45 + Double(index) / 4000))], .pending)
        }
        let near = [known, known + running].map { (history: [Observation]) -> Int in
            points(space, .tpe, history, first: 0, count: 20).count {
                (number("x", of: $0) - 0.5).magnitude < 0.05
            }
        }
        #expect(near[0] > 2 * near[1], "\(near)")
    }

    @Test func `a point that was lost is not tried again, and says nothing of others`() {
        let space = SearchSpace([
            Parameter(
                "kind", .categorical((0..<40).map { .integer(Int64($0)) }, weights: nil)),
            Parameter("x", .float(Interval(0, 1, quantum: 0.5))),
        ])
        let known = points(space, .random, [], count: 12).map {
            Observation($0, .succeeded(cost: 1))
        }
        let rest = points(space, .tpe, known, first: 12, count: 200)
        let lost = Observation(rest[0], .lost)
        let others = points(space, .tpe, known + [lost], first: 12, count: 200)
        #expect(Set(others) == Set(rest.dropFirst()))
    }

    @Test func `parameters that belong together are found together`() {
        let branches = SearchSpace([
            Parameter(
                "kernel", .categorical([.string("linear"), .string("rbf")], weights: [9, 1])),
            Parameter(
                "gamma", .float(Interval(1e-6, 1, scale: .logarithmic)),
                when: Condition(parameter: "kernel", values: [.string("rbf")])),
        ])
        var history: [Observation] = []
        for number in 0..<80 {
            let point = points(branches, .tpe, history, first: UInt64(number), count: 1)[0]
            let cost =
                point.count == 1
                ? 10 : Mathematics.logarithm(self.number("gamma", of: point) / 0.01)
            history.append(Observation(point, .succeeded(cost: cost.magnitude)))
        }
        let last = history.suffix(40).map(\.assignments)
        #expect(last.count { $0.count == 2 } > 30)
        let close = last.count { $0.count == 2 && (0.001...0.1).contains(number("gamma", of: $0)) }
        #expect(close > 20, "\(close)")
    }

    @Test(arguments: Zoo.finite.filter { Sampler.gridSize(of: $0.space).map { $0 < 100 } ?? false })
    func `no point is suggested twice, and every one is suggested`(specimen: Specimen) throws {
        let size = try #require(Sampler.gridSize(of: specimen.space))
        var history: [Observation] = []
        while true {
            let number = UInt64(history.count)
            let next = points(specimen.space, .tpe, history, first: number, count: 3)
            #expect(Set(next).count == next.count)
            #expect(
                next.allSatisfy { point in !history.contains { $0.assignments == point } })
            guard !next.isEmpty, history.count < size + 20 else { break }
            history += next.map { Observation($0, .succeeded(cost: Double($0.count))) }
        }
        #expect(Set(history.map(\.assignments)).count == Int(size))
    }

    @Test(arguments: Zoo.all)
    func `whatever it was told, suggestions are points of the space`(specimen: Specimen) {
        let outcomes: [Observation.Outcome] = [
            .succeeded(cost: 1), .succeeded(cost: -.infinity), .infeasible, .pending, .lost,
            .stopped(step: 3, cost: 2), .stopped(step: 9, cost: .greatestFiniteMagnitude),
        ]
        let tried = points(specimen.space, .random, [], count: 40)
        let foreign = [
            [], [Assignment("nobody", .integer(1))],
            specimen.space.parameters.map { Assignment($0.name, .string("elsewhere")) },
            specimen.space.parameters.map { Assignment($0.name, .float(1e300)) },
        ]
        let history = (tried + foreign).enumerated().map {
            Observation($0.element, outcomes[$0.offset % outcomes.count])
        }
        let suggested = points(specimen.space, .tpe, history, first: 40, count: 3)
        #expect(suggested.allSatisfy(specimen.admits))
        #expect(suggested == points(specimen.space, .tpe, history, first: 40, count: 3))
    }

    @Test func `later stops are better than earlier ones, and worse than an end`() {
        let space = SearchSpace([Parameter("x", .float(Interval(0, 1)))])
        // Each tenth of the range ended in its own way; the best lies at the right end.
        func share(_ outcome: (Int) -> Observation.Outcome) -> Int {
            let history = (0..<10).flatMap { tenth in
                (0..<3).map { part in
                    let place = (Double(tenth) + (Double(part) + 0.5) / 3) / 10
                    return Observation([Assignment("x", .float(place))], outcome(tenth))
                }
            }
            return (0..<60).count {
                let point = points(space, .tpe, history, first: UInt64($0), count: 1)[0]
                return number("x", of: point) > 0.8
            }
        }
        let byStep = share { .stopped(step: UInt64($0 + 1), cost: Double($0)) }
        let byCost = share { .stopped(step: 5, cost: -Double($0)) }
        let byEnd = share { $0 == 9 ? .succeeded(cost: 5) : .stopped(step: 9, cost: 1) }
        let reversed = share { .stopped(step: UInt64(10 - $0), cost: -Double($0)) }
        #expect(min(byStep, byCost, byEnd) > 40, "\([byStep, byCost, byEnd])")
        #expect(reversed < 10, "\(reversed)")
    }

    // MARK: Support

    private func bowl(_ point: [Assignment]) -> Double {
        let (x, y) = (number("x", of: point) - 0.3, number("y", of: point) - 0.7)
        return x * x + y * y
    }

    /// The least cost of a search with four trials running at a time.
    private func minimum(
        of space: SearchSpace, _ sampler: SamplerSpec, trials: Int, seed: UInt64,
        cost: ([Assignment]) -> Double
    ) -> Double {
        var history: [Observation] = []
        for number in 0..<trials {
            let point = points(
                space, sampler, history, first: UInt64(number), count: 1, seed: seed)[0]
            history.append(Observation(point, .pending))
            guard number >= 3 else { continue }
            history[number - 3].outcome = .succeeded(cost: cost(history[number - 3].assignments))
        }
        return history.reduce(.infinity) {
            if case .succeeded(let cost) = $1.outcome { min($0, cost) } else { $0 }
        }
    }

    private func points(
        _ space: SearchSpace, _ sampler: SamplerSpec, _ history: [Observation],
        first: UInt64 = 0, count: Int, seed: UInt64 = 7
    ) -> [[Assignment]] {
        Sampler.suggest(
            sampler, space: space, history: history, first: first, count: count, seed: seed)
    }

    private func number(_ name: String, of point: [Assignment]) -> Double {
        point.first { $0.name == name }?.value.number ?? .nan
    }
}
