import FoundationEssentials
import Vocabulary

/// What a host needs to enrol itself, as one word: `pml1-` and base64url without padding.
///
/// The bytes behind it: the coordinator's public key and the token's secret key, 40 characters of
/// Z85 each; a count of places, a byte; for each place two addresses, each after its length of two
/// bytes; the CRC-32C of all that. Numbers are little-endian.
package struct JoinToken: Hashable, Sendable {
    /// The sockets of the coordinator at one of its addresses.
    package struct Place: Hashable, Sendable, Codable {
        /// The control socket, such as `tcp://10.0.0.1:7801`.
        package var control: String
        /// The artifact socket.
        package var artifacts: String

        /// Joins the addresses of two sockets.
        package init(control: String, artifacts: String) {
            self.control = control
            self.artifacts = artifacts
        }
    }

    /// Where the coordinator may be reached, in the order in which to try; 1 to `placeLimit`.
    package var places: [Place]
    /// The key by which the coordinator is known, 40 characters of Z85.
    package var serverKey: String
    /// The secret key of the pair that was made for this token, 40 characters of Z85.
    package var secretKey: [UInt8]

    /// Describes a token; see the properties.
    package init(places: [Place], serverKey: String, secretKey: [UInt8]) {
        self.places = places
        self.serverKey = serverKey
        self.secretKey = secretKey
    }

    /// The most places of one token.
    package static let placeLimit = Limits.coordinatorPlaces
    private static let prefix = "pml"
    private static let version = 1
    private static let keyBytes = 40
    private static let textBytes = 8192
}

extension JoinToken: CustomStringConvertible, CustomReflectable {
    /// Where it leads, without the secret.
    package var description: String {
        "JoinToken(\(places.map(\.control).joined(separator: ", ")))"
    }

    /// Nothing: a secret does not reach a log through `dump` either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension JoinToken {
    /// Why a text is no join token.
    package enum Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// It does not begin as one.
        case foreign
        /// It has a form that this build does not know.
        case otherVersion
        /// A part is missing, or was changed.
        case damaged

        /// What is wrong, in one sentence.
        package var description: String {
            switch self {
            case .foreign: "This is no join token: those begin with pml1-."
            case .otherVersion: "The join token is of another version of picoml."
            case .damaged: "The join token is cut short or was changed on the way."
            }
        }
    }

    /// The token as one word of letters, digits, `-` and `_`.
    package var text: String {
        var bytes = Array(serverKey.utf8) + secretKey + [UInt8(clamping: places.count)]
        for address in places.flatMap({ [$0.control, $0.artifacts] }) {
            let count = UInt16(clamping: address.utf8.count)
            bytes += [UInt8(truncatingIfNeeded: count), UInt8(count >> 8)]
            bytes += Array(address.utf8.prefix(Int(count)))
        }
        bytes += Self.checksum(of: bytes)
        let body = Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return "\(Self.prefix)\(Self.version)-\(body)"
    }

    /// Reads what `text` writes.
    package init(text: some StringProtocol) throws(Problem) {
        let digits = text.dropFirst(Self.prefix.count).prefix { $0.isASCII && $0.isNumber }
        guard text.hasPrefix(Self.prefix), !digits.isEmpty,
            text.dropFirst(Self.prefix.count + digits.count).first == "-"
        else { throw .foreign }
        guard Int(digits) == Self.version else { throw .otherVersion }
        let body = text.dropFirst(Self.prefix.count + digits.count + 1)
        guard let bytes = Self.bytes(of: body), bytes.count > 4,
            Self.checksum(of: Array(bytes.dropLast(4))) == Array(bytes.suffix(4))
        else { throw .damaged }
        var reader = Reader(rest: bytes.dropLast(4))
        serverKey = String(decoding: try reader.take(Self.keyBytes), as: UTF8.self)
        secretKey = Array(try reader.take(Self.keyBytes))
        let count = Int(try reader.take(1).first ?? 0)
        guard (1...Self.placeLimit).contains(count), CurveKeyForm.matches(serverKey) else {
            throw .damaged
        }
        places = []
        for _ in 0..<count {
            places.append(Place(control: try reader.address(), artifacts: try reader.address()))
        }
        guard reader.rest.isEmpty else { throw .damaged }
    }

    private static func bytes(of body: some StringProtocol) -> [UInt8]? {
        // Not what would be forgiven otherwise: white space, padding, the other alphabet.
        guard body.utf8.count <= textBytes,
            body.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        let padding = String(repeating: "=", count: (4 - body.utf8.count % 4) % 4)
        let text = String(body).replacing("-", with: "+").replacing("_", with: "/") + padding
        return Data(base64Encoded: text).map(Array.init)
    }

    private static func checksum(of bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32C.checksum(of: bytes.span)
        return (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ count: Int) throws(Problem) -> ArraySlice<UInt8> {
            guard rest.count >= count else { throw .damaged }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func address() throws(Problem) -> String {
            let count = try take(2).reversed().reduce(0) { $0 << 8 | Int($1) }
            let text = String(decoding: try take(count), as: UTF8.self)
            guard text.hasPrefix("tcp://") else { throw .damaged }
            return text
        }
    }
}
