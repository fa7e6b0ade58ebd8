import FoundationEssentials
package import Vocabulary

/// The lines between a worker and its trial process, both ways: JSON objects as
/// `TrialProcessMessage` describes them.
///
/// NaN and infinities, which JSON lacks, are the texts `NaN`, `Infinity` and `-Infinity`.
package enum ChannelCoding {
    /// The line for `message`, ending with a line feed.
    ///
    /// A failure's text is cut to `Limits.messageBytes`.
    package static func line(for message: TrialProcessMessage) throws(ChannelError) -> [UInt8] {
        try encode(MessageLine(message))
    }

    /// The line that tells a process to stop, ending with a line feed.
    package static func line(forStop reason: StopReason) throws(ChannelError) -> [UInt8] {
        try encode(StopLine(stop: reason))
    }

    /// Reads a line without its line feed; metrics are ordered by name.
    ///
    /// The line may come from anyone's code: exactly one kind of message, within the limits on
    /// names, texts and metrics, or an error.
    package static func message(_ line: [UInt8]) throws(ChannelError) -> TrialProcessMessage {
        try decode(MessageLine.self, line).message
    }

    /// Reads the line that tells a process to stop, without its line feed.
    package static func stop(_ line: [UInt8]) throws(ChannelError) -> StopReason {
        try decode(StopLine.self, line).stop
    }

    private static func encode(_ line: some Encodable) throws(ChannelError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return Array(try encoder.encode(line)) + [UInt8(ascii: "\n")]
        } catch {
            throw ChannelError("a message cannot be written as JSON: \(error)")
        }
    }

    private static func decode<Line: Decodable>(
        _ type: Line.Type, _ line: [UInt8]
    ) throws(ChannelError) -> Line {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return try decoder.decode(type, from: Data(line))
        } catch let error as ChannelError {
            throw error
        } catch {
            let start = String(decoding: line.prefix(80), as: UTF8.self)
            throw ChannelError("a line is no message of a trial process: \(start)")
        }
    }
}

/// What is wrong with a channel or a line on it.
package struct ChannelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package let message: String

    /// The message.
    package var description: String { message }

    init(_ message: String) { self.message = message }
}

private struct StopLine: Codable {
    var stop: StopReason
}

private struct MessageLine: Codable {
    var message: TrialProcessMessage

    private enum Kind: String, CodingKey {
        case report, artifact, checkpoint, result, failure
    }
    private enum Key: String, CodingKey {
        case step, metrics, name, path, message
        case kind = "class"
    }

    /// Keys of any spelling, to see those that should not be there.
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(_ message: TrialProcessMessage) { self.message = message }

    func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Kind.self)
        switch message {
        case .report(let step, let metrics):
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .report)
            try inner.encode(step, forKey: .step)
            try inner.encode(Self.dictionary(metrics), forKey: .metrics)
        case .artifact(let name, let path):
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .artifact)
            try inner.encode(name, forKey: .name)
            try inner.encode(path, forKey: .path)
        case .checkpoint(let step, let path):
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .checkpoint)
            try inner.encode(step, forKey: .step)
            try inner.encode(path, forKey: .path)
        case .result(let metrics):
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .result)
            try inner.encode(Self.dictionary(metrics), forKey: .metrics)
        case .failure(let kind, let message):
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .failure)
            try inner.encode(kind, forKey: .kind)
            let text = String(decoding: message.utf8.prefix(Limits.messageBytes), as: UTF8.self)
            try inner.encode(text, forKey: .message)
        }
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys
        guard keys.count == 1, let kind = Kind(rawValue: keys[0].stringValue) else {
            throw ChannelError("a line does not hold exactly one message")
        }
        let inner = try decoder.container(keyedBy: Kind.self)
            .nestedContainer(keyedBy: Key.self, forKey: kind)
        switch kind {
        case .report:
            message = .report(
                step: try Self.step(in: inner), metrics: try Self.metrics(in: inner))
        case .checkpoint:
            message = .checkpoint(
                step: try Self.step(in: inner),
                path: try Self.text(.path, in: inner, limit: Limits.messageBytes))
        case .artifact:
            let name = try Self.text(.name, in: inner, limit: Limits.nameBytes)
            guard !name.isEmpty else { throw ChannelError("an artifact has no name") }
            message = .artifact(
                name: name,
                path: try Self.text(.path, in: inner, limit: Limits.messageBytes))
        case .result:
            message = .result(metrics: try Self.metrics(in: inner))
        case .failure:
            message = .failure(
                try inner.decode(FailureClass.self, forKey: .kind),
                // A replacement character may have made a cut text longer than the limit.
                message: try Self.text(.message, in: inner, limit: Limits.messageBytes + 8))
        }
    }

    private static func step(in container: KeyedDecodingContainer<Key>) throws -> UInt64 {
        let step = try container.decode(UInt64.self, forKey: .step)
        guard step > 0 else { throw ChannelError("a step is 0; steps count from 1") }
        return step
    }

    private static func dictionary(_ metrics: [Metric]) -> [String: Double] {
        Dictionary(metrics.map { ($0.name, $0.value) }) { _, last in last }
    }

    private static func metrics(in container: KeyedDecodingContainer<Key>) throws -> [Metric] {
        let values = try container.decode([String: Double].self, forKey: .metrics)
        guard values.count <= Limits.metricsPerReport else {
            throw ChannelError("a line has more than \(Limits.metricsPerReport) metrics")
        }
        return try values.sorted { $0.key < $1.key }.map { name, value in
            guard (1...Limits.nameBytes).contains(name.utf8.count) else {
                throw ChannelError("a metric's name is empty or longer than a name may be")
            }
            return Metric(name, value)
        }
    }

    private static func text(
        _ key: Key, in container: KeyedDecodingContainer<Key>, limit: Int
    ) throws -> String {
        let text = try container.decode(String.self, forKey: key)
        guard text.utf8.count <= limit else {
            throw ChannelError("\(key.rawValue) is longer than \(limit) bytes")
        }
        return text
    }
}
