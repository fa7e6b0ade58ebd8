import CLibZMQ

/// A CURVE public key in its text form: 40 characters of Z85 (ZMQ RFC 32).
package struct CurveKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Characters in the text form of a key.
    package static let length = 40

    /// The 40 characters.
    package let text: String

    /// Validates the text form.
    /// - Throws: ``ZeroMQError`` with `malformedKey`; the message does not repeat the text, which
    ///   could be a secret key pasted in the wrong place.
    package init(_ text: String) throws(ZeroMQError) {
        guard isCurveKey(text.utf8) else {
            throw ZeroMQError(
                .malformedKey, "read a CURVE key", "a key is 40 characters of Z85")
        }
        self.text = text
    }

    /// The text form of the 32 bytes that libzmq hands to a ZAP handler; nil for another size.
    init?(binary: Span<UInt8>) {
        guard binary.count == 32 else { return nil }
        text = unsafe String(unsafeUninitializedCapacity: Self.length + 1) { buffer in
            unsafe binary.withUnsafeBufferPointer { bytes in
                unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                    _ = unsafe zmq_z85_encode(
                        characters.baseAddress, bytes.baseAddress, bytes.count)
                }
            }
            return Self.length
        }
    }

    /// The 40 characters.
    package var description: String { text }

    /// The order of the text forms.
    package static func < (left: CurveKey, right: CurveKey) -> Bool { left.text < right.text }
}

/// Whether 40 characters of Z85 follow, each five of them within 32 bits.
func isCurveKey(_ characters: some Collection<UInt8>) -> Bool {
    guard characters.count == CurveKey.length else { return false }
    var group: UInt64 = 0
    for (index, character) in characters.enumerated() {
        guard let digit = z85Alphabet.firstIndex(of: character) else { return false }
        group = group * 85 + UInt64(digit)
        if index % 5 == 4 {
            guard group <= UInt64(UInt32.max) else { return false }
            group = 0
        }
    }
    return true
}

private let z85Alphabet = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)
