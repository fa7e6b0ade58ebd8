/// The parts of an artifact that Range and Content-Range name (RFC 9110, section 14).
enum ContentRange {
    /// The bytes that a download asks for.
    enum Wanted: Hashable {
        /// All of them.
        case all
        /// Some of them, at least one.
        case part(Range<UInt64>)
        /// Bytes that are not there.
        case outside
    }

    /// What `field`, the Range field of a request, asks of `byteCount` bytes.
    ///
    /// Fields that cannot be understood and those with several ranges ask for everything, as
    /// section 14.2 allows.
    static func wanted(_ field: String?, of byteCount: UInt64) -> Wanted {
        guard let field, field.hasPrefix("bytes=") else { return .all }
        let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .all }
        if parts[0].isEmpty {
            guard let count = number(parts[1]) else { return .all }
            guard count > 0, byteCount > 0 else { return .outside }
            return .part(byteCount - min(count, byteCount)..<byteCount)
        }
        guard let first = number(parts[0]) else { return .all }
        var last = UInt64.max
        if !parts[1].isEmpty {
            guard let given = number(parts[1]), given >= first else { return .all }
            last = given
        }
        guard first < byteCount else { return .outside }
        return .part(first..<min(last, byteCount - 1) + 1)
    }

    /// What an upload brings.
    struct Brought: Hashable {
        /// Where its first byte belongs; nil when it only asks what is here.
        let first: UInt64?
        /// The length of the whole artifact.
        let byteCount: UInt64
    }

    /// What a request with `field` as Content-Range and a body of `length` bytes brings; nil when
    /// they contradict each other or make no sense.
    static func brought(_ field: String?, length: UInt64) -> Brought? {
        guard let field else { return Brought(first: 0, byteCount: length) }
        guard field.hasPrefix("bytes ") else { return nil }
        let parts = field.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let byteCount = number(parts[1]) else { return nil }
        if parts[0] == "*" {
            return length == 0 ? Brought(first: nil, byteCount: byteCount) : nil
        }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]),
            first <= last, last < byteCount, length > 0, last - first == length - 1
        else { return nil }
        return Brought(first: first, byteCount: byteCount)
    }

    private static func number(_ text: Substring) -> UInt64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? UInt64(text) : nil
    }
}
