import Testing
import Vocabulary
import Wire

struct VersionTests {
    private let next = ProtocolVersion.current + 1

    private func hello(_ minimum: UInt32, _ maximum: UInt32) -> WorkerMessage {
        let facts = WorkerFacts(
            host: "oven", process: 7, cpus: 4, memoryBytes: 1 << 30, software: "9.0.0")
        return .hello(
            Hello(
                minimumVersion: minimum, maximumVersion: maximum, facts: facts, prefetch: 2,
                held: []))
    }

    @Test func `an unknown optional message of a newer version is skipped`() throws {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"), version: next)
        forged.entries = [(5, 0, []), (900, 1, [1, 2, 3]), (6, 0, [])]
        #expect(
            try ControlCodec.decodeWorker(forged.bytes.span) == [.draining(reason: ""), .goodbye])
    }

    @Test func `an unknown message that is not optional is refused by name of version`() {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"), version: next)
        forged.entries = [(5, 0, []), (900, 0, [1, 2, 3])]
        #expect(
            Decoder.worker.read(forged.bytes) == .refused(.unknownKind(900, version: next)))
    }

    @Test(arguments: [Decoder.coordinator, .request, .reply])
    func `the other sockets follow the same rule`(decoder: Decoder) {
        var forged = ForgedFrame(letter: decoder.letter, version: next)
        forged.entries = [(900, 1, [1, 2, 3])]
        #expect(decoder.read(forged.bytes) == .accepted)
        forged.entries[0].flags = 0
        #expect(decoder.read(forged.bytes) == .refused(.unknownKind(900, version: next)))
    }

    @Test func `a hello of a newer worker that still speaks our version is read whole`() throws {
        let sent = hello(ProtocolVersion.current, next)
        let frame = try #require(ControlCodec.encodeFrames([sent]).first)
        var forged = try #require(ForgedFrame(parsing: frame))
        forged.version = next
        // A field that this build does not know: number 100, a varint.
        forged.entries[0].body += [0xA0, 0x06, 0x01]
        #expect(try ControlCodec.decodeWorker(forged.bytes.span) == [sent])
    }

    @Test func `a hello with which no version is shared is readable, and nothing after it`()
        throws
    {
        let sent = hello(next + 3, next + 4)
        let frame = try #require(ControlCodec.encodeFrames([sent]).first)
        var forged = try #require(ForgedFrame(parsing: frame))
        forged.version = next + 4
        forged.entries.append((900, 0, [1, 2, 3]))
        guard case .hello(let received) = try ControlCodec.decodeWorker(forged.bytes.span).first
        else {
            Issue.record("a hello was sent")
            return
        }
        #expect(received.minimumVersion == next + 3)
        #expect(received.maximumVersion == next + 4)
        #expect(received.facts.host == "oven")
        #expect(received.facts.software == "9.0.0")
        #expect(
            ProtocolVersion.negotiate(
                minimum: received.minimumVersion, maximum: received.maximumVersion) == nil)
    }

    @Test func `a hello of two version fields alone tells its versions`() throws {
        var forged = ForgedFrame(letter: UInt8(ascii: "W"), version: 9)
        forged.entries = [(1, 0, [0x08, 0x08, 0x10, 0x09])]
        guard case .hello(let received) = try ControlCodec.decodeWorker(forged.bytes.span).first
        else {
            Issue.record("a hello was sent")
            return
        }
        #expect((received.minimumVersion, received.maximumVersion) == (8, 9))
    }

    @Test func `a hello whose versions make no sense is refused`() throws {
        for (minimum, maximum) in [(UInt32(0), UInt32(1)), (2, 1)] {
            let frames = ControlCodec.encodeFrames([hello(minimum, maximum)])
            #expect(Decoder.worker.read(try #require(frames.first)).isRefused)
        }
    }

    @Test func `records of a newer format are refused with both versions`() throws {
        var samples = Samples(seed: 21)
        var forged = try #require(ForgedFrame(parsing: RecordCodec.encode(samples.records())))
        #expect(Decoder.records.read(forged.bytes) == .accepted)
        forged.version = RecordCodec.formatVersion + 1
        let error = WireError.newerFormat(
            version: RecordCodec.formatVersion + 1, newest: RecordCodec.formatVersion)
        #expect(Decoder.records.read(forged.bytes) == .refused(error))
        #expect("\(error)".contains("newer picoml"))
    }
}
