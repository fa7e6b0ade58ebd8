import Vocabulary

/// One key of a table: what it takes, what it means, and where the value goes.
struct Field<Draft: Sendable>: Sendable {
    /// The key.
    let key: String
    /// The form of its value, such as `a whole number from 1`.
    let kind: String
    /// What it means, in one line of the reference.
    let summary: String
    /// Whether the mapping makes no sense without it.
    let isRequired: Bool
    /// Reads a value into the draft.
    let read: @Sendable (Node, inout Draft, inout Problems) -> Void

    private init(
        key: String, kind: String, summary: String, isRequired: Bool,
        read: @escaping @Sendable (Node, inout Draft, inout Problems) -> Void
    ) {
        self.key = key
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
        self.read = read
    }

    /// A key whose value goes to `target`.
    init<Value>(
        _ key: String, _ kind: Kind<Value>, _ target: any WritableKeyPath<Draft, Value?> & Sendable,
        isRequired: Bool = false, _ summary: String
    ) {
        self.init(key: key, kind: kind.noun, summary: summary, isRequired: isRequired) {
            node, draft, problems in
            draft[keyPath: target] = kind.read(node, &problems)
        }
    }

    /// A key whose value is checked and then not used.
    init<Value>(_ key: String, discarding kind: Kind<Value>, _ summary: String) {
        self.init(key: key, kind: kind.noun, summary: summary, isRequired: false) {
            node, _, problems in
            _ = kind.read(node, &problems)
        }
    }

    /// The same key in a larger draft that holds this one at `part`.
    func within<Whole: Sendable>(
        _ part: any WritableKeyPath<Whole, Draft> & Sendable, summary: String? = nil
    ) -> Field<Whole> {
        Field<Whole>(
            key: key, kind: kind, summary: summary ?? self.summary, isRequired: isRequired
        ) { node, whole, problems in
            read(node, &whole[keyPath: part], &problems)
        }
    }
}

/// A key that people know from another tool and that has no meaning here.
struct ForeignKey: Sendable {
    /// The key.
    let key: String
    /// Whether the file can be used all the same.
    let severity: Diagnostic.Severity
    /// What to do instead.
    let advice: String

    /// A key with advice.
    init(_ key: String, _ advice: String, severity: Diagnostic.Severity = .error) {
        self.key = key
        self.advice = advice
        self.severity = severity
    }
}
