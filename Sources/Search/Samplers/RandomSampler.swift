import Vocabulary

/// Independent draws from the parameters' distributions.
struct RandomSampler {
    private let plan: PointPlan
    private let seed: UInt64

    /// Draws from `space` with `seed`.
    init(space: SearchSpace, seed: UInt64) {
        plan = PointPlan(space)
        self.seed = seed
    }

    /// Point `number` of the sequence, from a random stream of its own.
    func point(_ number: UInt64) -> [Assignment] {
        var source = RandomSource(seed: seed, stream: number)
        return plan.point { _ in source.next() }
    }
}
