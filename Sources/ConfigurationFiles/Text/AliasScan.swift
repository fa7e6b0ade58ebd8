/// Finds aliases in a text before the library may follow them.
///
/// The library compares the keys of every mapping, and a key of a few nested aliases stands for
/// exponentially many values, so a text must be refused before it is parsed. A text in which no
/// `*name` has the name of an `&name` has no alias that resolves, wherever quotes and comments
/// begin and end; the few innocent texts that have such a pair are told to use other words.
enum AliasScan {
    /// Where the first `*name` stands whose `&name` is also in `text`; nil when none does.
    static func firstReference(in text: String) -> Mark? {
        let bytes = Array(text.utf8)
        let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map(\.name))
        guard !anchors.isEmpty else { return nil }
        let aliases = names(after: UInt8(ascii: "*"), in: bytes)
        guard let alias = aliases.first(where: { anchors.contains($0.name) }) else { return nil }
        return mark(ofByte: alias.position, in: bytes)
    }

    private static func names(
        after sign: UInt8, in bytes: [UInt8]
    ) -> [(name: ArraySlice<UInt8>, position: Int)] {
        var found: [(name: ArraySlice<UInt8>, position: Int)] = []
        var position = 0
        while let next = bytes[position...].firstIndex(of: sign) {
            let name = bytes[(next + 1)...].prefix(while: isNameByte)
            if !name.isEmpty { found.append((name, next)) }
            position = name.endIndex
        }
        return found
    }

    /// The bytes that libYAML takes for part of an anchor's name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func mark(ofByte position: Int, in bytes: [UInt8]) -> Mark {
        let before = bytes[..<position]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Continuation bytes of UTF-8 do not begin a character.
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return Mark(line: line, column: column)
    }
}
