import Vocabulary

/// Draws a sweep for people to submit: small, but of every kind.
struct SweepDraw {
    static let model = "kitchen"
    private static let shares = [0.3, 0.5, 1].compactMap { DeviceAmount(count: $0) }

    var random: RandomSource
    let data: PreparedData

    init(random: RandomSource) {
        self.random = random
        data = PreparedData(
            spec: DataSpec(path: "kitchen.csv", target: "orders"), source: self.random.digest(),
            search: self.random.digest(), searchBytes: 1000, gate: self.random.digest(),
            gateBytes: 100, validationRows: 20)
    }

    mutating func sweep(_ number: Int, widest: UInt32) -> SweepSpec {
        let isPromoted = random.chance(0.7)
        let count = random.number(1...2)
        var spec = SweepSpec(
            name: "sweep \(number)", objective: Objective(metric: "loss", goal: .minimize),
            experiments: (1...count).map { experiment($0, widest: widest) })
        spec.priority = random.chance(0.2) ? 1 : 0
        spec.sharing = SharingPolicy(
            user: random.chance(0.5) ? random.pick(["ann", "bo"]) : nil,
            weight: UInt32(random.number(1...3)),
            concurrency: random.chance(0.2) ? UInt32(random.number(1...3)) : nil,
            preempts: random.chance(0.3))
        spec.retries = RetryPolicy(
            lostAttempts: UInt32(random.number(2...6)), failedAttempts: UInt32(random.number(1...3))
        )
        if random.chance(0.2) { spec.objective.target = 0.3 }
        if random.chance(0.3) { spec.seed = random.next() }
        guard isPromoted else { return spec }
        spec.model = Self.model
        spec.data = data
        spec.promotion = PromotionPolicy(
            finalists: UInt32(random.number(1...3)), seeds: UInt32(random.number(1...2)),
            resamples: 100)
        return spec
    }

    private mutating func experiment(_ number: Int, widest: UInt32) -> ExperimentSpec {
        let sampler = random.pick(SamplerSpec.allCases)
        var space = SearchSpace([
            Parameter("depth", .integer(Interval(1, 4))),
            Parameter("kind", .categorical([.float(0.1), .float(0.5)], weights: nil)),
        ])
        if sampler != .grid { space.parameters.append(Parameter("eta", .float(Interval(0, 1)))) }
        let pruners: [PrunerSpec] = [
            .none, .median(MedianRule(startupTrials: 2)), .asha(HalvingRule(reductionFactor: 2)),
        ]
        return ExperimentSpec(
            name: "Exp\(number)", trainer: .rehearsal, space: space, sampler: sampler,
            pruner: random.pick(pruners),
            trials: UInt32(random.number(random.chance(0.3) ? 2...5 : 3...24)),
            resources: Resources(
                cpus: random.chance(0.3) ? min(2, widest) : 1,
                gpus: random.chance(0.3) ? random.pick(Self.shares) : .none,
                isExclusive: random.chance(0.1)),
            timeLimit: random.chance(0.2) ? 15 : nil)
    }
}
