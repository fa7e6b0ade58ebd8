package import Vocabulary

/// Suggests points of a search space, as a function of space, history and seed.
///
/// The suggestion with a given number depends on nothing that happened before it was asked for, so
/// batches of any size and order give the same sequence; with samplers that learn, it depends on
/// `history` and on what was suggested before it in its batch. Every value lies in its
/// parameter's domain. A space that cannot be used (see `SearchSpace`) never traps: it gives
/// fewer parameters or no suggestions.
package enum Sampler {
    /// Suggests a run of points of the experiment's sequence.
    ///
    /// - Parameters:
    ///   - sampler: How points are chosen.
    ///   - space: What is searched. Parameters whose condition does not hold are left out.
    ///   - history: The trials so far; only samplers that learn use it.
    ///   - first: The number of the first suggestion, from 0.
    ///   - count: How many suggestions to make.
    ///   - seed: Seed of every random choice of the experiment.
    /// - Returns: Suggestions `first` ..< `first + count`; fewer when every point was suggested,
    ///   which a grid and samplers that learn notice.
    package static func suggest(
        _ sampler: SamplerSpec, space: SearchSpace, history: [Observation], first: UInt64,
        count: Int, seed: UInt64
    ) -> [[Assignment]] {
        switch sampler {
        case .random:
            let points = RandomSampler(space: space, seed: seed)
            return numbers(from: first, count: count).map { points.point($0) }
        case .grid:
            guard let points = GridSampler(space: space) else { return [] }
            return numbers(from: first, count: count).prefix { $0 < points.count }
                .map { points.point($0) }
        case .sobol:
            let points = SobolSampler(space: space, seed: seed)
            return numbers(from: first, count: count).map { points.point($0) }
        case .tpe:
            var points = ParzenSampler(space: space, history: history, seed: seed)
            var suggestions: [[Assignment]] = []
            for number in numbers(from: first, count: count) {
                guard let point = points.point(number) else { break }
                suggestions.append(point)
            }
            return suggestions
        }
    }

    /// The number of points of the grid over `space`.
    ///
    /// Constants count 1, conditional parameters only in the branches where they take part. Nil
    /// when a parameter cannot be enumerated (a real number without a quantum, a normal
    /// distribution) or the number does not fit.
    package static func gridSize(of space: SearchSpace) -> UInt64? {
        GridSampler(space: space)?.count
    }

    /// `first` ..< `first + count`, cut at the end of the numbers.
    private static func numbers(from first: UInt64, count: Int) -> Range<UInt64> {
        let (end, overflow) = first.addingReportingOverflow(UInt64(max(0, count)))
        return first..<(overflow ? .max : end)
    }
}
