import Testing
import Vocabulary
import Wire

struct HostileBytesTests {
    @Test(arguments: Decoder.allCases) func `whole frames are accepted`(decoder: Decoder) {
        for frame in decoder.frames(seed: 11) { #expect(decoder.read(frame) == .accepted) }
    }

    @Test(arguments: Decoder.allCases)
    func `a frame cut anywhere or with a byte too many is refused`(decoder: Decoder) {
        for frame in decoder.frames(seed: 12) {
            for count in 0..<frame.count {
                #expect(decoder.read(Array(frame.prefix(count))).isRefused, "cut at \(count)")
            }
            #expect(decoder.read(frame + [0]).isRefused)
        }
    }

    @Test(arguments: Decoder.allCases)
    func `a flipped bit under the checksum is refused`(decoder: Decoder) throws {
        for frame in decoder.frames(seed: 13) {
            let payload = try #require(ForgedFrame(parsing: frame)).payload.count
            for place in 0..<frame.count - payload {
                // Every bit of the header and, to save time, one of each byte behind it.
                for bit in place < 20 ? 0..<8 : place % 8..<place % 8 + 1 {
                    var damaged = frame
                    damaged[place] ^= 1 << UInt8(bit)
                    #expect(decoder.read(damaged).isRefused, "bit \(bit) of byte \(place)")
                }
            }
        }
    }

    @Test(arguments: Decoder.allCases)
    func `flipped bits behind a right checksum never trap`(decoder: Decoder) throws {
        var random = RandomSource(seed: 14)
        var refused = 0
        let frames = (0..<20).flatMap { decoder.frames(seed: $0) }
        for _ in 0..<2000 {
            let frame = frames[Int(random.next(below: UInt64(frames.count)))]
            var forged = try #require(ForgedFrame(parsing: frame))
            for _ in 0...random.next(below: 4) {
                let entry = Int(random.next(below: UInt64(forged.entries.count)))
                let count = forged.entries[entry].body.count
                guard count > 0 else { continue }
                let place = Int(random.next(below: UInt64(count)))
                forged.entries[entry].body[place] ^= 1 << UInt8(random.next(below: 8))
            }
            if decoder.read(forged.bytes).isRefused { refused += 1 }
        }
        #expect(refused > 100)
    }

    @Test(arguments: Decoder.allCases)
    func `random bytes are refused`(decoder: Decoder) {
        var random = RandomSource(seed: 15)
        for _ in 0..<20_000 {
            let count = random.next(below: 200)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(decoder.read(bytes).isRefused)
        }
    }

    @Test(arguments: Decoder.allCases)
    func `random bodies behind a right checksum never trap`(decoder: Decoder) {
        var random = RandomSource(seed: 16)
        var refused = 0
        for _ in 0..<20_000 {
            var forged = ForgedFrame(letter: decoder.letter)
            let count = random.next(below: 60)
            // Small numbers are likelier field numbers and lengths than large ones.
            let body = (0..<count).map { _ in
                UInt8(truncatingIfNeeded: random.next()) >> UInt8(random.next(below: 6))
            }
            forged.entries = [(UInt16(1 + random.next(below: 16)), 0, body)]
            if decoder.read(forged.bytes).isRefused { refused += 1 }
        }
        #expect(refused > 10_000)
    }

    @Test func `the checksum is CRC-32C`() {
        // The check value in the catalogue of parametrised CRC algorithms, for "123456789".
        #expect(ForgedFrame.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test func `a frame made by hand from the schema's description is accepted`() throws {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"))
        forged.entries = [(5, 0, []), (6, 0, [])]
        #expect(
            try ControlCodec.decodeWorker(forged.bytes.span) == [.draining(reason: ""), .goodbye])
    }

    @Test func `more entries than a frame may hold are refused before they are read`() {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"))
        forged.entries = Array(repeating: (5, 0, []), count: Limits.messagesPerFrame)
        #expect(Decoder.worker.read(forged.bytes) == .accepted)
        forged.entries.append((5, 0, []))
        let error = WireError.tooLarge(
            count: Limits.messagesPerFrame + 1, limit: Limits.messagesPerFrame)
        #expect(Decoder.worker.read(forged.bytes) == .refused(error))
    }

    @Test(arguments: Decoder.allCases)
    func `a declared count that the bytes do not justify is refused`(decoder: Decoder) {
        var forged = ForgedFrame(letter: decoder.letter)
        forged.declaredCount = .max
        #expect(decoder.read(forged.bytes).isRefused)
        forged.declaredCount = 1
        #expect(decoder.read(forged.bytes).isRefused)
    }

    @Test func `a control frame above its limit is refused`() {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"))
        let room = Limits.controlFrameBytes - 28
        forged.entries = [(6, 0, [UInt8](repeating: 0, count: room))]
        #expect(Decoder.worker.read(forged.bytes) == .accepted)
        forged.entries = [(6, 0, [UInt8](repeating: 0, count: room + 1))]
        #expect(
            Decoder.worker.read(forged.bytes)
                == .refused(
                    .tooLarge(
                        count: Limits.controlFrameBytes + 1, limit: Limits.controlFrameBytes)))
    }

    @Test func `a frame of one socket is foreign to another`() {
        for decoder in Decoder.allCases {
            for other in Decoder.allCases where other != decoder {
                for frame in other.frames(seed: 17) {
                    #expect(decoder.read(frame) == .refused(.foreign))
                }
            }
        }
    }
}
