import Search
import Testing
import Vocabulary

struct SobolTests {
    @Test
    func `the first points are those of the literature`() {
        let sequence = SobolSequence(dimensions: 3)
        let expected: [[Double]] = [
            [0, 0, 0], [0.5, 0.5, 0.5], [0.25, 0.75, 0.75], [0.75, 0.25, 0.25],
            [0.125, 0.625, 0.375], [0.625, 0.125, 0.875],
        ]
        for (index, point) in expected.enumerated() {
            for (dimension, value) in point.enumerated() {
                let bits = sequence.coordinate(dimension, of: UInt32(index))
                #expect(Double(bits) * 0x1p-32 == value)
            }
        }
    }

    @Test
    func `the direction numbers are those of Joe and Kuo`() {
        // FNV-1a over all 128 · 32 numbers, computed from the published table.
        let sequence = SobolSequence(dimensions: SobolSequence.maximumDimensions)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for dimension in 0..<SobolSequence.maximumDimensions {
            for bit in 0..<32 {
                hash ^= UInt64(sequence.coordinate(dimension, of: 1 << bit))
                hash = hash &* 0x100_0000_01b3
            }
        }
        #expect(hash == 0xf766_5f8d_2eed_7c15)
    }

    @Test
    func `the first half cubes are hit once each`() {
        // Property A of Sobol: the leading bits of the direction numbers form a regular matrix.
        let sequence = SobolSequence(dimensions: 32)
        for size in 1...32 {
            var rows = (0..<size).map { dimension in
                (0..<size).reduce(UInt32(0)) { row, bit in
                    row | (sequence.coordinate(dimension, of: 1 << bit) >> 31) << bit
                }
            }
            #expect(rank(&rows) == size)
        }
    }

    @Test
    func `each parameter falls once into each of 2^k equal parts`() {
        for (count, first) in [(64, UInt64(0)), (64, 64), (128, 1 << 20), (256, 512)] {
            for column in columns(count: count, dimensions: 300, first: first) {
                let parts = Set(column.map { Int($0 * Double(count)) })
                #expect(parts.count == count)
            }
        }
    }

    @Test
    func `random draws do not fall once into each part`() {
        let column = columns(.random, count: 64, dimensions: 1)[0]
        #expect(Set(column.map { Int($0 * 64) }).count < 60)
    }

    @Test
    func `the first two parameters fill every elementary rectangle once`() {
        let pair = columns(count: 256, dimensions: 2)
        for power in 0...8 {
            let wide = Double(1 << power)
            let high = Double(256 >> power)
            let boxes = zip(pair[0], pair[1]).map { [Int($0 * wide), Int($1 * high)] }
            #expect(Set(boxes).count == 256)
        }
    }

    @Test
    func `pairs of neighbours fill squares far better than random draws`() {
        let emptyShare = { (sampler: SamplerSpec) in
            let all = columns(sampler, count: 1024, dimensions: 12)
            let filled = zip(all, all.dropFirst()).map { left, right in
                Set(zip(left, right).map { [Int($0 * 16), Int($1 * 16)] }).count
            }
            return 1 - Double(filled.reduce(0, +)) / Double(filled.count * 256)
        }
        // Of 256 squares and 1,024 random points, e^-4 = 1.8 % stay empty.
        #expect(emptyShare(.random) > 0.015)
        #expect(emptyShare(.sobol) == 0)
    }

    @Test
    func `discrepancy is far below that of random draws`() {
        for seed in [1, 2, 3] as [UInt64] {
            let sobol = points(.sobol, count: 256, dimensions: 5, seed: seed)
            let random = points(.random, count: 256, dimensions: 5, seed: seed)
            #expect(
                Statistics.squaredDiscrepancy(sobol)
                    < Statistics.squaredDiscrepancy(random) / 4)
        }
    }

    @Test
    func `scrambled points are uniform and differ by seed`() {
        let firsts = (0..<2000).map {
            points(.sobol, count: 1, dimensions: 2, seed: $0)[0]
        }
        for dimension in 0..<2 {
            #expect(Statistics.kolmogorov(firsts.map { $0[dimension] }) { $0 } < 1.95)
        }
        let correlation = Statistics.correlation(firsts.map { $0[0] }, firsts.map { $0[1] })
        #expect(correlation.magnitude < 0.1)
    }

    @Test
    func `parameters that share a dimension of the sequence are unrelated`() {
        let all = columns(count: 1024, dimensions: 129)
        #expect(Statistics.correlation(all[0], all[128]).magnitude < 0.1)
        #expect(all[0] != all[128])
    }

    private func points(
        _ sampler: SamplerSpec = .sobol, count: Int, dimensions: Int, first: UInt64 = 0,
        seed: UInt64 = 5
    ) -> [[Double]] {
        let space = SearchSpace(
            (0..<dimensions).map { Parameter("p\($0)", .float(Interval(0, 1))) })
        return Sampler.suggest(
            sampler, space: space, history: [], first: first, count: count, seed: seed
        ).map { $0.compactMap(\.value.number) }
    }

    private func columns(
        _ sampler: SamplerSpec = .sobol, count: Int, dimensions: Int, first: UInt64 = 0
    ) -> [[Double]] {
        let points = points(sampler, count: count, dimensions: dimensions, first: first)
        return (0..<dimensions).map { column in points.map { $0[column] } }
    }

    /// The rank of a matrix of bits, by elimination.
    private func rank(_ rows: inout [UInt32]) -> Int {
        var rank = 0
        for bit in 0..<32 {
            guard let pivot = rows[rank...].firstIndex(where: { $0 >> bit & 1 == 1 })
            else { continue }
            rows.swapAt(rank, pivot)
            for index in rows.indices where index != rank && rows[index] >> bit & 1 == 1 {
                rows[index] ^= rows[rank]
            }
            rank += 1
            if rank == rows.count { break }
        }
        return rank
    }
}
