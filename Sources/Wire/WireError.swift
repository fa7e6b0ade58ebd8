import Vocabulary

/// Why bytes are not a message, a record or a spooled result.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// They do not start as such bytes do.
    case foreign
    /// There are fewer or more bytes than their header says.
    case length(declared: Int, present: Int)
    /// There are more bytes, or more entries, than a reader takes.
    case tooLarge(count: Int, limit: Int)
    /// They were changed on the way or on the disk.
    case checksum
    /// They were written in a format that this build does not know yet.
    case newerFormat(version: UInt32, newest: UInt32)
    /// The coordinator works with a version of the protocol that this build does not speak.
    case foreignProtocol(version: UInt32)
    /// An entry that must not be skipped is of a kind that this build does not know.
    case unknownKind(UInt16, version: UInt32)
    /// The body of an entry is not the Protocol Buffers message of its kind.
    case malformed(kind: UInt16)
    /// A field has a value that it may not have.
    case invalid(field: String, problem: String)

    /// What is wrong, in one sentence.
    package var description: String {
        switch self {
        case .foreign:
            "The bytes are not in PICO-ML's format."
        case .length(let declared, let present):
            "The header announces \(declared) bytes, but there are \(present)."
        case .tooLarge(let count, let limit):
            "There are \(count) of at most \(limit)."
        case .checksum:
            "The checksum does not match: the bytes were changed after they were written."
        case .newerFormat(let version, let newest):
            "The bytes have format \(version) and this build reads up to \(newest): "
                + "use the newer picoml that wrote them."
        case .foreignProtocol(let version):
            "The coordinator speaks version \(version) of the protocol, and this build "
                + ProtocolVersion.words(ProtocolVersion.minimum, ProtocolVersion.current)
                + ": upgrade picoml on the side with the lower one."
        case .unknownKind(let kind, let version):
            "Version \(version) has a message of kind \(kind) that this build does not know: "
                + "upgrade picoml on this host."
        case .malformed(let kind):
            "The body of an entry of kind \(kind) is malformed."
        case .invalid(let field, let problem):
            "\(field) \(problem)."
        }
    }
}
