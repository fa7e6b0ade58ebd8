import Vocabulary
import Wire

/// What a decoder made of some bytes.
enum Reading: Equatable {
    case accepted
    case refused(WireError)

    init(_ decode: () throws(WireError) -> Void) {
        do throws(WireError) {
            try decode()
            self = .accepted
        } catch {
            self = .refused(error)
        }
    }

    var isRefused: Bool { self != .accepted }
}

/// Each decoder, by name.
enum Decoder: String, CaseIterable {
    case worker, coordinator, request, reply, records

    func read(_ bytes: [UInt8]) -> Reading {
        Reading { () throws(WireError) in
            switch self {
            case .worker: _ = try ControlCodec.decodeWorker(bytes.span)
            case .coordinator: _ = try ControlCodec.decodeCoordinator(bytes.span)
            case .request: _ = try ArtifactCodec.decodeRequest(bytes.span)
            case .reply: _ = try ArtifactCodec.decodeReply(bytes.span)
            case .records: _ = try RecordCodec.decode(bytes)
            }
        }
    }

    /// Whole frames of this decoder.
    func frames(seed: UInt64) -> [[UInt8]] {
        var samples = Samples(seed: seed)
        switch self {
        case .worker: return ControlCodec.encodeFrames(samples.workerMessages())
        case .coordinator: return ControlCodec.encodeFrames(samples.coordinatorMessages())
        case .request: return samples.artifactRequests().map { ArtifactCodec.encode($0) }
        case .reply: return samples.artifactReplies().map { ArtifactCodec.encode($0) }
        case .records: return [RecordCodec.encode(samples.records())]
        }
    }

    /// The letter in the header, as `Schema/picoml.proto` gives it.
    var letter: UInt8 {
        switch self {
        case .worker: UInt8(ascii: "W")
        case .coordinator: UInt8(ascii: "C")
        case .request: UInt8(ascii: "Q")
        case .reply: UInt8(ascii: "A")
        case .records: UInt8(ascii: "R")
        }
    }
}

/// A frame made by hand from the description in `Schema/picoml.proto`, with a right checksum, so
/// that what lies behind the checksum is tested too.
struct ForgedFrame {
    var letter: UInt8
    var version: UInt32 = 1
    var entries: [(kind: UInt16, flags: UInt16, body: [UInt8])] = []
    var declaredCount: UInt32?
    var payload: [UInt8] = []

    var bytes: [UInt8] {
        let body = entries.flatMap {
            little($0.kind) + little($0.flags) + little(UInt32($0.body.count)) + $0.body
        }
        let front =
            Array("PML".utf8) + [letter] + little(version)
            + little(declaredCount ?? UInt32(entries.count)) + little(UInt32(body.count))
        return front + little(Self.checksum(front + body)) + body + payload
    }

    /// CRC-32C bit by bit, straight from its polynomial.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
        }
        return ~remainder
    }

    private func little(_ number: some FixedWidthInteger) -> [UInt8] {
        (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// Takes the frame `bytes` apart; nil when it is none.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count >= 20 else { return nil }
        func number(_ place: Int, _ count: Int) -> UInt32 {
            (0..<count).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        letter = bytes[3]
        version = number(4, 4)
        let end = 20 + Int(number(12, 4))
        var place = 20
        while place < end {
            let start = place + 8
            let next = start + Int(number(place + 4, 4))
            entries.append(
                (
                    UInt16(number(place, 2)), UInt16(number(place + 2, 2)),
                    Array(bytes[start..<next])
                ))
            place = next
        }
        payload = Array(bytes[end...])
    }

    init(letter: UInt8, version: UInt32 = 1) {
        self.letter = letter
        self.version = version
    }
}
