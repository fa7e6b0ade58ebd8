import Testing
import Vocabulary
import Wire

struct SpoolTests {
    private let entries: [SpoolEntry]
    private let parts: [[UInt8]]

    init() {
        var samples = Samples(seed: 31)
        entries = (0..<6).map { _ in
            SpoolEntry(result: samples.result(), directory: samples.name())
        }
        parts = entries.map { SpoolCodec.encode($0) }
    }

    @Test func `entries come back in the order in which they were written`() {
        let bytes = parts.flatMap { $0 }
        let contents = SpoolCodec.decode(bytes)
        #expect(contents.entries == entries)
        #expect(contents.wholeByteCount == bytes.count)
        #expect(contents.damage.isEmpty)
    }

    @Test func `an empty file has no entries`() {
        #expect(SpoolCodec.decode([UInt8]()) == SpoolContents())
    }

    @Test func `a torn tail is cut to the last whole entry and is no damage`() {
        let bytes = parts.flatMap { $0 }
        for count in 0..<bytes.count {
            let contents = SpoolCodec.decode(Array(bytes.prefix(count)))
            var whole = 0
            var end = 0
            while end + parts[whole].count <= count {
                end += parts[whole].count
                whole += 1
            }
            #expect(contents.entries == Array(entries.prefix(whole)), "cut at \(count)")
            #expect(contents.wholeByteCount == end)
            #expect(contents.damage.isEmpty)
        }
    }

    @Test func `zeros behind the last entry, as after a power failure, are a torn tail`() {
        let bytes = parts.flatMap { $0 }
        let contents = SpoolCodec.decode(bytes + [UInt8](repeating: 0, count: 4096))
        #expect(contents.entries == entries)
        #expect(contents.wholeByteCount == bytes.count)
        #expect(contents.damage.isEmpty)
    }

    @Test func `a flipped bit costs its own entry alone and is seen`() {
        let first = parts[0].count
        let second = parts[1].count
        for place in first..<first + second {
            for bit in 0..<8 {
                var bytes = parts.flatMap { $0 }
                bytes[place] ^= 1 << UInt8(bit)
                let contents = SpoolCodec.decode(bytes)
                #expect(contents.entries == [entries[0]] + entries[2...], "byte \(place)")
                #expect(contents.damage.count == 1)
                #expect(contents.wholeByteCount == bytes.count)
            }
        }
    }

    @Test func `random bytes never trap and hold no entry`() {
        var random = RandomSource(seed: 32)
        for _ in 0..<20_000 {
            let count = random.next(below: 200)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(SpoolCodec.decode(bytes) == SpoolContents())
        }
    }
}
