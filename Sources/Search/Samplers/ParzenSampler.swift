import Vocabulary

/// Tree-structured Parzen estimators: points that are likely among the good ones and unlikely
/// among all others.
///
/// Of some points drawn from the density of the good ones, the one is suggested where that
/// exceeds the other density most. Points that failed for what they are, and those that still run,
/// count among the others, so their surroundings are avoided. Source: Bergstra, Bardenet, Bengio
/// and Kégl, "Algorithms for Hyper-Parameter Optimization", NIPS 2011.
struct ParzenSampler {
    /// Known points before anything is learned; until then points come from a Sobol sequence.
    private static let startup = 10
    /// One in this many points is a good one.
    private static let share = 10
    /// No more points than these are good ones.
    private static let mostGood = Observation.leaders
    /// Ended points that are not good, of which no more are looked at: each costs time.
    private static let mostOthers = 1000
    /// Points that are drawn for each suggestion.
    private static let draws = 24

    private let plan: PointPlan
    private let probabilities: [[Double]?]
    /// The middle of each value's part of the distribution; nil for numbers.
    private let middles: [[Double]?]
    private let start: SobolSampler?
    private let grid: GridSampler?
    private let seed: UInt64
    private let good: ParzenDensity
    private var others: ParzenDensity
    /// Points that need no second trial.
    private var seen: Set<[Assignment]>

    /// Learns from `history`.
    init(space: SearchSpace, history: [Observation], seed: UInt64) {
        let plan = PointPlan(space)
        let probabilities = plan.probabilities
        self.plan = plan
        self.probabilities = probabilities
        middles = probabilities.map { shares in
            var below = 0.0
            return shares?.map { share in
                defer { below += share }
                return below + share / 2
            }
        }
        grid = GridSampler(space: space)
        self.seed = seed
        seen = Set(history.map(\.assignments))
        let known = Self.ranked(history)
        start = known.count < Self.startup ? SobolSampler(space: space, seed: seed) : nil
        let goodCount = min((known.count + Self.share - 1) / Self.share, Self.mostGood)
        let best = known.prefix(goodCount).filter { $0.outcome != .infeasible }
        let rest = known.dropFirst(best.count)
        let stride = max(1, (rest.count + Self.mostOthers - 1) / Self.mostOthers)
        let thinned = rest.enumerated().filter { $0.offset.isMultiple(of: stride) }
        let pending = history.filter { $0.outcome == .pending }
        good = ParzenDensity(
            probabilities: probabilities, points: best.map { plan.places(of: $0.assignments) })
        others = ParzenDensity(
            probabilities: probabilities,
            points: (thinned.map(\.element) + pending).map { plan.places(of: $0.assignments) })
    }

    /// The observations that tell something, the best first.
    private static func ranked(_ history: [Observation]) -> [Observation] {
        history.filter(\.outcome.isKnown).enumerated().sorted {
            let (left, right) = ($0.element.outcome, $1.element.outcome)
            if left.isBetter(than: right) { return true }
            return !right.isBetter(than: left) && $0.offset < $1.offset
        }.map(\.element)
    }

    /// Suggestion `number`; nil when every point of the space was suggested.
    mutating func point(_ number: UInt64) -> [Assignment]? {
        if let grid, UInt64(seen.count) >= grid.count { return nil }
        var source = RandomSource(seed: seed, stream: number)
        if let point = start?.point(number) {
            return seen.insert(point).inserted ? point : unseen(from: &source)
        }
        var best: (point: [Assignment], places: [Double?], score: Double)?
        for _ in 0..<Self.draws {
            let point = draw(from: &source)
            guard !seen.contains(point) else { continue }
            let places = plan.places(of: point)
            let score = good.logarithm(at: places) - others.logarithm(at: places)
            if best.map({ score > $0.score }) ?? true { best = (point, places, score) }
        }
        let point = best?.point ?? unseen(from: &source)
        seen.insert(point)
        // Further suggestions of the batch stay away from it as from one that runs.
        others.add(best?.places ?? plan.places(of: point))
        return point
    }

    /// A point from the density of the good ones.
    private func draw(from source: inout RandomSource) -> [Assignment] {
        let kernel = good.kernel(from: &source)
        return plan.point { dimension in
            guard let place = good.place(in: dimension, of: kernel, from: &source) else {
                return source.next()
            }
            return (middles[dimension]?[Int(place)] ?? place).position
        }
    }

    /// A point that is not known yet, where the space can be enumerated; else any.
    private mutating func unseen(from source: inout RandomSource) -> [Assignment] {
        guard let grid, grid.count > 0 else { return plan.point { _ in source.next() } }
        let first = source.next(below: grid.count)
        for offset in 0...UInt64(seen.count) {
            let room = grid.count - first
            let point = grid.point(offset < room ? first + offset : offset - room)
            if seen.insert(point).inserted { return point }
        }
        return grid.point(first)
    }
}

extension Double {
    /// The fraction of the unit interval as one of 2^64.
    fileprivate var position: UInt64 {
        UInt64(Swift.min(Swift.max(self, 0), 1.0.nextDown) * 0x1p64)
    }
}
