import FoundationEssentials

/// How the API's values become JSON and back: snake_case keys in a fixed order, text for numbers
/// that JSON has no form for.
///
/// Fixed here for server and client alike, so that neither can drift from the other.
package enum APICoding {
    /// The media type of everything the API says, except problems, logs and artifacts.
    package static let mediaType = "application/json"
    /// The media type of a `Problem` (RFC 9457).
    package static let problemMediaType = "application/problem+json"

    /// Writes `value` as JSON; throws what the value's own `encode(to:)` throws.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return [UInt8](try encoder.encode(value))
    }

    /// Reads a value that `encode` wrote; throws `DecodingError` for anything else.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: some Collection<UInt8>
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(type, from: Data(bytes))
    }

    /// A property's name as it stands in JSON: `byteCount` becomes `byte_count`.
    package static func written(_ name: String) -> String {
        name.reduce(into: "") { text, character in
            text += character.isUppercase ? "_\(character.lowercased())" : "\(character)"
        }
    }
}
