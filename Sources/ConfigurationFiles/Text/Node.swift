/// A place in a text: both count from 1, columns in Unicode scalars.
struct Mark: Hashable, Comparable, Sendable {
    /// The line.
    var line: Int
    /// The column.
    var column: Int

    /// The first character.
    static let start = Mark(line: 1, column: 1)

    /// Orders as the text reads.
    static func < (left: Mark, right: Mark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Where a node stands in its tree; nodes share the part that they have in common.
indirect enum FieldPath: Sendable, CustomStringConvertible {
    /// The whole document.
    case root
    /// The value of a key.
    case key(FieldPath, String)
    /// An item of a list, from 0.
    case index(FieldPath, Int)

    /// The keys joined by full stops: `experiments.Exp1.parameters.eta.values[2]`.
    var description: String {
        switch self {
        case .root: ""
        case .index(let parent, let position): "\(parent)[\(position)]"
        case .key(.root, let key): key.clipped
        case .key(let parent, let key): "\(parent).\(key.clipped)"
        }
    }
}

/// One value of a document with its place: what every later stage reads and points at.
struct Node: Sendable {
    /// What a node holds.
    enum Content: Sendable {
        /// A single value.
        case scalar(Scalar)
        /// A list.
        case sequence([Node])
        /// Keys with values, in the order of the text; every key differs.
        case mapping([Entry])
    }

    /// What it holds.
    let content: Content
    /// Where it begins.
    let mark: Mark
    /// Where it stands in the tree.
    let path: FieldPath

    /// The pairs of a mapping; nil for anything else.
    var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// The single value; nil for a list or mapping.
    var scalar: ScalarValue? {
        guard case .scalar(let scalar) = content else { return nil }
        return scalar.value
    }

    /// Whether nothing was written here.
    var isNull: Bool { scalar == .null }

    /// The pair with `key`; nil when there is none, or when this is no mapping.
    func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }

    /// Whether there is a pair with `key`, right or wrong.
    func has(_ key: String) -> Bool { entry(key) != nil }

    /// What stands here, as it is named in a message.
    var summary: String {
        switch content {
        case .scalar(let scalar): scalar.summary
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A key with its value.
struct Entry: Sendable {
    /// The key.
    let key: String
    /// Where the key begins.
    let mark: Mark
    /// The value; its path ends with the key.
    let value: Node
}

extension String {
    /// The text, cut to what fits in a message.
    var clipped: String {
        let limit = 80
        return unicodeScalars.count <= limit
            ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit))) + "…"
    }
}
