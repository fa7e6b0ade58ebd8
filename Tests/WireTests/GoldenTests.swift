import Foundation
import Registry
import Testing
import Wire

/// The bytes of every kind of message and record, as files that only change on purpose.
///
/// `PICOML_BLESS=1 swift test --filter GoldenTests` writes them anew; that is right only for a
/// kind that no release has sent or written yet.
struct GoldenTests {
    @Test func `the bytes of every kind are those of the golden files`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden")
        let isBlessing = ProcessInfo.processInfo.environment["PICOML_BLESS"] != nil
        let golden = Dictionary(grouping: GoldenTests.frames()) { $0.name }
        for (name, frames) in golden {
            let file = folder.appending(path: name + ".hex")
            let text = frames.map { GoldenTests.hexadecimal($0.bytes) }.joined(separator: "\n")
            if isBlessing { try Data(text.utf8).write(to: file) }
            let expected = try String(contentsOf: file, encoding: .utf8)
            #expect(text == expected, "the encoding of \(name) has changed")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        #expect(Set(names) == Set(golden.keys.map { $0 + ".hex" }))
    }

    @Test func `the golden bytes are readable`() throws {
        for (name, bytes) in GoldenTests.frames() where !name.hasPrefix("spool") {
            let accepting = Decoder.allCases.filter { $0.read(bytes) == .accepted }
            #expect(accepting.map(\.rawValue) == [String(name.prefix { $0 != "-" })])
        }
    }

    /// Four frames of each kind, so that optional fields are there and missing, from fixed seeds.
    static func frames() -> [(name: String, bytes: [UInt8])] {
        (2026...2029).flatMap { frames(seed: $0) }
    }

    private static func frames(seed: UInt64) -> [(name: String, bytes: [UInt8])] {
        var samples = Samples(seed: seed)
        var frames: [(name: String, bytes: [UInt8])] = []
        for message in samples.workerMessages() {
            frames += ControlCodec.encodeFrames([message]).map { (kind("worker", message), $0) }
        }
        for message in samples.coordinatorMessages() {
            frames += ControlCodec.encodeFrames([message]).map {
                (kind("coordinator", message), $0)
            }
        }
        for request in samples.artifactRequests() {
            frames.append((kind("request", request), ArtifactCodec.encode(request)))
        }
        for reply in samples.artifactReplies() {
            frames.append((kind("reply", reply), ArtifactCodec.encode(reply)))
        }
        for record in samples.records() {
            frames.append((kind("records", record), RecordCodec.encode([record])))
        }
        let entry = SpoolEntry(result: samples.result(), directory: samples.name())
        frames.append(("spool", SpoolCodec.encode(entry)))
        return frames
    }

    /// `prefix-case`, from the name of the case that `value` is, and `prefix-case-case` for a
    /// change of the registry.
    private static func kind(_ prefix: String, _ value: some Any) -> String {
        let child = Mirror(reflecting: value).children.first
        let name = "\(prefix)-\(child?.label ?? "\(value)")"
        guard case let change as RegistryChange = child?.value else { return name }
        return kind(name, change)
    }

    /// 32 bytes a line.
    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 32).map { start in
            bytes[start..<min(start + 32, bytes.count)]
                .map { String(format: "%02x", $0) }.joined() + "\n"
        }.joined()
    }
}
