/// Splits Swift code into tokens.
///
/// It understands nested comments, raw and multi-line texts, interpolations and raw identifiers.
/// It does not know regular-expression literals, which the repository does not use.
struct Tokenizer {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var tokens: [Token] = []

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The tokens of `text`.
    static func tokens(of text: String) -> [Token] {
        var tokenizer = Tokenizer(text)
        tokenizer.run(until: nil)
        return tokenizer.tokens
    }

    /// Reads to the end, or to the parenthesis that closes an interpolation.
    private mutating func run(until end: UInt8?) {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                advance()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): lineComment()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): blockComment()
            case UInt8(ascii: "\""): literal(hashes: 0)
            case UInt8(ascii: "#") where hashesBeforeQuote() > 0:
                literal(hashes: hashesBeforeQuote())
            case UInt8(ascii: "`"): rawIdentifier()
            case _ where Self.isWord(byte): word()
            default:
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if depth == 0, end == byte { return }
                    depth -= 1
                }
                let start = position
                advance()
                append(.mark, from: start, line: line)
            }
        }
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func advance() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, line first: Int) {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        tokens.append(Token(kind: kind, text: text, line: first, lastLine: line))
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 128...:
            true
        default: false
        }
    }

    private mutating func word() {
        let start = position
        while let byte = peek(), Self.isWord(byte) { position += 1 }
        // `try!` and `try?` are words of their own: `try !isDone` is something else.
        if bytes[start..<position].elementsEqual("try".utf8),
            peek() == UInt8(ascii: "!") || peek() == UInt8(ascii: "?")
        {
            position += 1
        }
        append(.word, from: start, line: line)
    }

    private mutating func rawIdentifier() {
        let first = line
        advance()
        while let byte = peek(), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") { advance() }
        if peek() == UInt8(ascii: "`") { advance() }
        tokens.append(Token(kind: .word, text: "``", line: first, lastLine: line))
    }

    private mutating func lineComment() {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
        let isDocumentation =
            start + 2 < position && bytes[start + 2] == UInt8(ascii: "/")
            && !(start + 3 < position && bytes[start + 3] == UInt8(ascii: "/"))
        append(isDocumentation ? .documentation : .comment, from: start, line: line)
    }

    private mutating func blockComment() {
        let start = position
        let first = line
        var depth = 0
        while let byte = peek() {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                depth += 1
                position += 2
            } else if byte == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                depth -= 1
                position += 2
                if depth == 0 { break }
            } else {
                advance()
            }
        }
        append(.comment, from: start, line: first)
    }

    /// How many number signs stand here before a quote; 0 when no quote follows them.
    private func hashesBeforeQuote() -> Int {
        var count = 0
        while peek(count) == UInt8(ascii: "#") { count += 1 }
        return peek(count) == UInt8(ascii: "\"") ? count : 0
    }

    private func isHere(_ text: [UInt8]) -> Bool {
        position + text.count <= bytes.count
            && bytes[position..<position + text.count].elementsEqual(text)
    }

    private mutating func literal(hashes: Int) {
        let quote = UInt8(ascii: "\"")
        let hash = [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        position += hashes
        let isLong = isHere([quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isLong ? 3 : 1) + hash
        let escape = [UInt8(ascii: "\\")] + hash
        position += isLong ? 3 : 1
        var start = position
        var first = line
        while let byte = peek(), !isHere(end) {
            if !isLong, byte == UInt8(ascii: "\n") { break }
            guard isHere(escape) else {
                advance()
                continue
            }
            guard position + escape.count < bytes.count,
                bytes[position + escape.count] == UInt8(ascii: "(")
            else {
                position += escape.count
                if peek() != nil { advance() }
                continue
            }
            append(.text, from: start, line: first)
            position += escape.count
            position += 1
            run(until: UInt8(ascii: ")"))
            if peek() != nil { position += 1 }
            start = position
            first = line
        }
        append(.text, from: start, line: first)
        if isHere(end) { position += end.count }
    }
}
