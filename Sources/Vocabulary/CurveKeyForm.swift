/// The text form of CURVE public keys: 40 characters of Z85 (ZeroMQ RFC 32).
package enum CurveKeyForm {
    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
            .utf8)

    /// Whether `text` is one: each five characters are a number of 32 bits.
    package static func matches(_ text: String) -> Bool {
        guard text.utf8.count == 40 else { return false }
        var group: UInt64 = 0
        for (index, character) in text.utf8.enumerated() {
            guard let digit = alphabet.firstIndex(of: character) else { return false }
            group = group * 85 + UInt64(digit)
            guard index % 5 == 4 else { continue }
            guard group <= UInt64(UInt32.max) else { return false }
            group = 0
        }
        return true
    }
}
