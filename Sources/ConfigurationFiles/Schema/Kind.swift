import Vocabulary

/// A form that values take: how one is read, and how the form is called.
struct Kind<Value>: Sendable {
    /// The form as a noun for messages and the reference: `a whole number from 1`.
    let noun: String
    /// Reads a value; nil after a problem was reported.
    let read: @Sendable (Node, inout Problems) -> Value?

    /// A form called `noun`.
    init(_ noun: String, read: @escaping @Sendable (Node, inout Problems) -> Value?) {
        self.noun = noun
        self.read = read
    }

    /// The same form with a further step.
    func then<Result>(
        _ step: @escaping @Sendable (Value, Node, inout Problems) -> Result?
    ) -> Kind<Result> {
        Kind<Result>(noun) { node, problems in
            read(node, &problems).flatMap { step($0, node, &problems) }
        }
    }
}

extension Kind where Value == String {
    /// A text that is not empty and has at most `bytes` bytes.
    static func text(_ noun: String = "a text", bytes: Int = Limits.nameBytes) -> Kind {
        Kind(noun) { node, problems in
            guard case .scalar(let scalar) = node.content else {
                problems.mismatch(node, expected: noun)
                return nil
            }
            switch scalar.value {
            case .text(let text):
                guard !text.isEmpty else {
                    problems.error("The text is empty", in: node, fix: "Give \(noun).")
                    return nil
                }
                guard text.utf8.count <= bytes, !text.unicodeScalars.contains("\0") else {
                    problems.error(
                        "The text has more than \(bytes) bytes, or one that is zero", in: node,
                        fix: "Shorten it.")
                    return nil
                }
                return text
            case .integer, .float, .boolean, .notFinite, .tooLarge, .null:
                problems.mismatch(
                    node, expected: noun, fix: "Quote it: \"\(scalar.text.clipped)\".")
                return nil
            }
        }
    }

    /// A text of which every character satisfies `isAllowed`.
    static func word(
        _ noun: String, count: ClosedRange<Int>,
        isAllowed: @escaping @Sendable (Unicode.Scalar) -> Bool
    ) -> Kind {
        text(noun).then { text, node, problems in
            let scalars = text.unicodeScalars
            guard count.contains(scalars.count), scalars.allSatisfy(isAllowed) else {
                problems.mismatch(node, expected: noun)
                return nil
            }
            return text
        }
    }
}

extension Kind where Value == Bool {
    /// `true` or `false`, and no other spelling.
    static let boolean = Kind("true or false") { node, problems in
        if case .boolean(let value) = node.scalar { return value }
        problems.mismatch(node, expected: "true or false")
        return nil
    }
}

extension Kind where Value: FixedWidthInteger & Sendable {
    /// A whole number within `range`.
    static func integer(_ range: ClosedRange<Value>) -> Kind {
        let isOpen = range.upperBound == Value.max && Value.bitWidth == Int64.bitWidth
        let noun =
            "a whole number from \(range.lowerBound)"
            + (isOpen ? "" : " to \(range.upperBound)")
        return Kind(noun) { node, problems in
            if case .integer(let number) = node.scalar, let value = Value(exactly: number),
                range.contains(value)
            {
                return value
            }
            var fix = ""
            if case .float(let number) = node.scalar, let whole = Int64(exactly: number) {
                fix = "Write \(whole)."
            }
            problems.mismatch(node, expected: noun, fix: fix)
            return nil
        }
    }
}

extension Kind where Value == Double {
    /// A finite number that satisfies `isAllowed`, which `noun` describes.
    static func number(
        _ noun: String = "a number",
        where isAllowed: @escaping @Sendable (Double) -> Bool = { _ in true }
    ) -> Kind {
        Kind(noun) { node, problems in
            switch node.scalar {
            case .integer(let number) where isAllowed(Double(number)): return Double(number)
            case .float(let number) where isAllowed(number): return number
            default:
                problems.mismatch(node, expected: noun, fix: numberAdvice(for: node))
                return nil
            }
        }
    }
}

/// How a text that looks like a number becomes one; empty when it does not look so.
func numberAdvice(for node: Node) -> String {
    guard case .scalar(let scalar) = node.content, case .text(let text) = scalar.value else {
        return ""
    }
    let plain = text.filter { $0 != "_" && $0 != " " }
    switch ScalarValue(plain: plain) {
    case .integer, .float: return "Write \(plain.clipped), without quotes and separators."
    default: return ""
    }
}

extension Kind {
    /// One of the raw values of an enumeration.
    static func choice(
        of subject: String, elsewhere: [(name: String, advice: String)] = []
    ) -> Kind
    where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
        choice(of: subject, among: Array(Value.allCases), elsewhere: elsewhere)
    }

    /// One of the raw values of `values`.
    ///
    /// - Parameters:
    ///   - subject: What is chosen, such as `trainer`.
    ///   - values: What may be chosen.
    ///   - elsewhere: Names of other tools, with what to use instead.
    /// - Returns: The form, which suggests the nearest name for an unknown one.
    static func choice(
        of subject: String, among values: [Value],
        elsewhere: [(name: String, advice: String)] = []
    ) -> Kind where Value: RawRepresentable & Sendable, Value.RawValue == String {
        let names = values.map(\.rawValue)
        let noun = "one of " + names.map { "`\($0)`" }.joined(separator: ", ")
        return Kind(noun) { node, problems in
            guard case .text(let name) = node.scalar else {
                problems.mismatch(node, expected: noun)
                return nil
            }
            if let value = values.first(where: { $0.rawValue == name }) { return value }
            if let other = elsewhere.first(where: { $0.name == name }) {
                problems.error(
                    "The \(subject) `\(name)` is not available", in: node, fix: other.advice)
                return nil
            }
            problems.error(
                "There is no \(subject) `\(name.clipped)`", in: node,
                fix: Nearest.advice(for: name, among: names))
            return nil
        }
    }

    /// A mapping that `table` describes.
    static func mapping(_ table: Table<Value>) -> Kind where Value: Sendable {
        let required = table.fields.filter(\.isRequired).map { "`\($0.key)`" }
        let keys = required.isEmpty ? "" : " with \(required.joined(separator: " and "))"
        return Kind("a mapping\(keys)") { node, problems in
            table.read(node, into: &problems)
        }
    }

    /// A list of at most `limit` different values.
    static func list<Item: Hashable & Sendable>(
        of kind: Kind<Item>, limit: Int, noun: String
    ) -> Kind where Value == [Item] {
        Kind(noun) { node, problems in
            guard case .sequence(let items) = node.content else {
                problems.mismatch(
                    node, expected: noun, fix: "Put brackets around it, even around one value.")
                return nil
            }
            guard items.count <= limit else {
                problems.error(
                    "The list has \(items.count) values; \(limit) are the limit", in: node)
                return nil
            }
            var seen: Set<Item> = []
            var values: [Item] = []
            for item in items {
                guard let value = kind.read(item, &problems) else { continue }
                if !seen.insert(value).inserted {
                    problems.error(
                        "\(item.summary.sentenceCased) stands twice in the list", in: item,
                        fix: "Delete one of the two.")
                }
                values.append(value)
            }
            return values.count == items.count ? values : nil
        }
    }
}

extension Kind {
    /// A value, or a list of at most `limit` different ones.
    static func oneOrMore<Item: Hashable & Sendable>(
        of kind: Kind<Item>, limit: Int, noun: String
    ) -> Kind where Value == [Item] {
        let several = list(of: kind, limit: limit, noun: noun)
        return Kind(noun) { node, problems in
            guard case .sequence(let items) = node.content else {
                return kind.read(node, &problems).map { [$0] }
            }
            guard !items.isEmpty else {
                problems.mismatch(node, expected: noun)
                return nil
            }
            return several.read(node, &problems)
        }
    }
}

extension String {
    /// The text with a capital at its beginning.
    var sentenceCased: String { prefix(1).uppercased() + dropFirst() }
}
