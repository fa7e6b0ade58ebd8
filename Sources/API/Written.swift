package import Vocabulary

/// An id that people read and type as a short text.
package protocol WrittenID: Hashable, Sendable, CustomStringConvertible {
    /// Reads the form that `description` writes; nil for anything else.
    init?(text: some StringProtocol)
}

extension SweepID: WrittenID {}
extension TrialID: WrittenID {}
extension WorkerID: WrittenID {}
extension TokenID: WrittenID {}

/// An id in its written form: `"12"` for a sweep or a worker, `"12.3"` for a trial.
package struct Written<ID: WrittenID>: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The id itself.
    package let value: ID

    /// Writes `value`.
    package init(_ value: ID) { self.value = value }

    /// The written form.
    package var description: String { value.description }

    /// Reads the written form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = ID(text: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a \(ID.self)")
        }
        self.value = value
    }

    /// Writes the written form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
