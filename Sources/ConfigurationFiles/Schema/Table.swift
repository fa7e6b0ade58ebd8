/// What may stand in one mapping: the single source of its reading, its messages and its
/// reference.
struct Table<Draft: Sendable>: Sendable {
    /// The mapping as messages name it: `an experiment`, or its key in backticks.
    let subject: String
    /// The keys in the order of the reference.
    let fields: [Field<Draft>]
    /// Keys of other tools, with what to do instead.
    let foreign: [ForeignKey]
    /// An empty draft of a mapping.
    let make: @Sendable (Node) -> Draft

    /// A mapping of `fields`.
    init(
        _ subject: String, _ make: @escaping @Sendable (Node) -> Draft, fields: [Field<Draft>],
        foreign: [ForeignKey] = []
    ) {
        self.subject = subject
        self.fields = fields
        self.foreign = foreign
        self.make = make
    }

    /// Reads every key that is right and reports every one that is not; nil for no mapping.
    func read(_ node: Node, into problems: inout Problems) -> Draft? {
        guard let entries = node.entries else {
            problems.mismatch(node, expected: "a mapping (\(subject))", fix: example)
            return nil
        }
        var draft = make(node)
        for entry in entries where !problems.isFull {
            if let field = fields.first(where: { $0.key == entry.key }) {
                read(field, entry, &draft, into: &problems)
            } else {
                reportUnknown(entry, into: &problems)
            }
        }
        for field in fields
        where field.isRequired && node.entry(field.key) == nil && !isMisspelled(field.key, in: node)
        {
            problems.error(
                "\(subject.sentenceCased) has no `\(field.key)`", at: node.mark,
                .key(node.path, field.key),
                fix: "Add `\(field.key):` with \(field.kind).")
        }
        return draft
    }

    /// Whether a key of `node` is most likely meant to be `key`, so that nothing is missing.
    func isMisspelled(_ key: String, in node: Node) -> Bool {
        let names = fields.map(\.key)
        return (node.entries ?? []).prefix(Problems.limit).contains { entry in
            !names.contains(entry.key) && Nearest.match(for: entry.key, among: names) == key
        }
    }

    /// The keys as rows of a Markdown table, under the name of the mapping.
    var reference: String {
        var lines = ["### \(subject)", "", "| key | value | meaning |", "|---|---|---|"]
        for field in fields {
            let mark = field.isRequired ? " (required)" : ""
            lines.append("| `\(field.key)`\(mark) | \(field.kind) | \(field.summary) |")
        }
        for key in foreign { lines.append("| `\(key.key)` | – | \(key.advice) |") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var example: String {
        fields.first.map { "Write keys below it, such as `\($0.key):`." } ?? ""
    }

    private func read(
        _ field: Field<Draft>, _ entry: Entry, _ draft: inout Draft, into problems: inout Problems
    ) {
        guard !entry.value.isNull else {
            problems.error(
                "`\(entry.key)` has no value", at: entry.mark, entry.value.path,
                fix: "Give it \(field.kind), or delete the line.")
            return
        }
        field.read(entry.value, &draft, &problems)
    }

    private func reportUnknown(_ entry: Entry, into problems: inout Problems) {
        if let key = foreign.first(where: { $0.key == entry.key }) {
            problems.add(
                key.severity, "`\(entry.key)` is not used here", at: entry.mark, entry.value.path,
                fix: key.advice)
            return
        }
        problems.error(
            "\(subject.sentenceCased) has no key `\(entry.key.clipped)`", at: entry.mark,
            entry.value.path,
            fix: Nearest.advice(for: entry.key, among: fields.map(\.key)))
    }
}
