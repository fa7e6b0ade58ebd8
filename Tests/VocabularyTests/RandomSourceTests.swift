import Testing
import Vocabulary

/// The golden numbers come from a second implementation of the published algorithms, which gives
/// 11520, 0, 1509978240, 1215971899390074240 from the state 1, 2, 3, 4 as the authors' code does.
@Suite struct `A random source` {
    private static let golden: [(seed: UInt64, bits: [UInt64])] = [
        (
            0,
            [
                0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0,
                0x6AA5_94F1_262D_2D2C,
            ]
        ),
        (
            42,
            [
                0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1,
                0xECB8_AD47_03B3_60A1,
            ]
        ),
    ]

    @Test(arguments: golden)
    func `gives the same bits on every host`(seed: UInt64, bits: [UInt64]) {
        var source = RandomSource(seed: seed)
        #expect(bits.map { _ in source.next() } == bits)
    }

    @Test func `gives the same stream for a seed and a use`() {
        var source = RandomSource(seed: 42, stream: 7)
        #expect(source.next() == 0x71EF_0FDA_97C9_9FBE)
        #expect(source.next() == 0x7BC4_C365_70BC_0C39)
    }

    @Test func `gives unrelated streams for neighbours`() {
        let firsts = (0..<1000 as Range<UInt64>).map { stream in
            var source = RandomSource(seed: 42, stream: stream)
            return source.next()
        }
        #expect(Set(firsts).count == 1000)
        // Of 64,000 bits, half are set: 126 is the standard deviation.
        let ones = firsts.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(abs(ones - 32_000) < 6 * 126)
    }

    @Test func `draws units below one`() {
        var source = RandomSource(seed: 42)
        #expect(source.nextUnit() == 0.083_862_971_059_882_16)
        for _ in 0..<10_000 { #expect((0..<1).contains(source.nextUnit())) }
    }

    @Test(arguments: [1, 2, 3, 7, 1 << 32, (1 << 63) + 1, UInt64.max] as [UInt64])
    func `stays below its bound`(bound: UInt64) {
        var source = RandomSource(seed: bound)
        for _ in 0..<1000 { #expect(source.next(below: bound) < bound) }
    }

    @Test(arguments: [2, 3, 5, 6, 7, 10] as [UInt64])
    func `gives each member of a small range its share`(bound: UInt64) {
        var source = RandomSource(seed: 1)
        var counts = [Int](repeating: 0, count: Int(bound))
        let draws = 60_000
        for _ in 0..<draws { counts[Int(source.next(below: bound))] += 1 }
        let expected = Double(draws) / Double(bound)
        let deviation = expected.squareRoot()
        for count in counts { #expect(abs(Double(count) - expected) < 5 * deviation) }
    }

    /// Of three quarters of all 64-bit numbers, a plain remainder, or a product without rejection,
    /// gives some members twice as often as others.
    @Test func `gives the members of a huge range equal shares`() {
        let bound: UInt64 = 3 << 62
        var source = RandomSource(seed: 5)
        var counts = [0, 0, 0]
        let draws = 30_000
        for _ in 0..<draws { counts[Int(source.next(below: bound) % 3)] += 1 }
        for count in counts { #expect(abs(count - 10_000) < 500) }
    }

    @Test func `refuses an empty range`() async {
        await #expect(processExitsWith: .failure) {
            var source = RandomSource(seed: 1)
            _ = source.next(below: 0)
        }
    }

    @Test func `is equal exactly while it will give the same bits`() {
        var left = RandomSource(seed: 9)
        var right = RandomSource(seed: 9)
        #expect(left == right && left.hashValue == right.hashValue)
        _ = left.next()
        #expect(left != right)
        _ = right.next()
        #expect(left == right)
    }
}
