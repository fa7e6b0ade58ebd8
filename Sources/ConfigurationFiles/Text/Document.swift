import Vocabulary
import Yams

/// A YAML text read into nodes: nothing in it has a meaning yet, but everything in it is bounded.
enum Document {
    /// Mappings and lists within each other.
    static let depthLimit = 64
    /// Nodes of one document.
    static let nodeLimit = 200_000

    /// Reads `text`; nil when `problems` says why there is nothing to go on with.
    static func read(_ text: String, into problems: inout Problems) -> Node? {
        guard fits(text.utf8.count, into: &problems) else { return nil }
        // A byte order mark would shift the columns of the first line.
        let body = String(String.UnicodeScalarView(text.unicodeScalars.drop { $0 == "\u{FEFF}" }))
        if let mark = AliasScan.firstReference(in: body) {
            problems.error(
                "Anchors and aliases (& and *) are not supported", at: mark,
                fix: "Write the value out, or quote it if it is meant as text.")
            return nil
        }
        if let refusal = KeyScan.refusal(of: body) {
            problems.error(
                refusal.message, at: refusal.mark,
                fix: "Write `key: value`, or quote it if it is meant as text.")
            return nil
        }
        var duplicates = DuplicateKeys()
        var current = body
        while true {
            do throws(SyntaxProblem) {
                let root = try compose(current)
                var conversion = Conversion(duplicates: duplicates)
                let node = conversion.convert(root.node, path: .root, depth: 0, into: &problems)
                // Nodes refer to their anchors weakly: the parser keeps them alive.
                withExtendedLifetime(root.parser) {}
                return conversion.isRefused ? nil : node
            } catch {
                if case .duplicateKey(let mark) = error,
                    let next = duplicates.renamingKey(at: mark, in: current)
                {
                    current = next
                    continue
                }
                error.report(text: body, into: &problems)
                return nil
            }
        }
    }

    private static func compose(
        _ text: String
    ) throws(SyntaxProblem) -> (node: Yams.Node, parser: Yams.Parser) {
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let node = try parser.singleRoot() else { throw SyntaxProblem.empty }
            return (node, parser)
        } catch let error as YamlError {
            throw SyntaxProblem(error)
        } catch let error as SyntaxProblem {
            throw error
        } catch {
            throw .other("\(error)", .start)
        }
    }
}

/// The way from the library's nodes to ours, with the limits that hold for every file.
private struct Conversion {
    /// The keys that were renamed to get past the library's own check.
    let duplicates: DuplicateKeys
    /// Whether the document must not be used at all.
    private(set) var isRefused = false
    private var count = 0

    init(duplicates: DuplicateKeys) { self.duplicates = duplicates }

    /// Converts a node and what is below it; nil once the document is refused.
    mutating func convert(
        _ node: Yams.Node, path: FieldPath, depth: Int, into problems: inout Problems
    ) -> Node? {
        let mark = Mark(node.mark)
        count += 1
        guard count <= Document.nodeLimit else {
            return refuse(
                "The file has more than \(Document.nodeLimit) values", at: mark, path,
                fix: "Shorten it.", into: &problems)
        }
        guard depth <= Document.depthLimit else {
            return refuse(
                "Mappings and lists are nested more than \(Document.depthLimit) deep", at: mark,
                path, fix: "Flatten the file.", into: &problems)
        }
        guard !node.hasAnchor else {
            return refuse(
                "Anchors (&) are not supported", at: mark, path,
                fix: "Delete the anchor, or quote the text.", into: &problems)
        }
        guard !node.hasTag else {
            return refuse(
                "Tags (!) are not supported", at: mark, path,
                fix: "Delete the tag, or quote the text.", into: &problems)
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            let content = Scalar(text: scalar.string, isPlain: isPlain)
            return Node(content: .scalar(content), mark: mark, path: path)
        case .sequence(let sequence):
            var items: [Node] = []
            for (position, item) in sequence.enumerated() {
                guard
                    let item = convert(
                        item, path: .index(path, position), depth: depth + 1, into: &problems)
                else { return nil }
                items.append(item)
            }
            return Node(content: .sequence(items), mark: mark, path: path)
        case .mapping(let mapping):
            guard let entries = convert(mapping, path: path, depth: depth, into: &problems) else {
                return nil
            }
            return Node(content: .mapping(entries), mark: mark, path: path)
        case .alias:
            return refuse(
                "Aliases (*) are not supported", at: mark, path,
                fix: "Write the value out.", into: &problems)
        }
    }

    private mutating func convert(
        _ mapping: Yams.Node.Mapping, path: FieldPath, depth: Int, into problems: inout Problems
    ) -> [Entry]? {
        var entries: [Entry] = []
        var firstMarks: [String: Mark] = [:]
        for (key, value) in mapping {
            let mark = Mark(key.mark)
            guard case .scalar(let scalar) = key, !key.hasAnchor else {
                return refuse(
                    "A key must be a plain text", at: mark, path,
                    fix: "Quote it if it begins with a bracket or a brace.", into: &problems)
            }
            let name = duplicates.original(of: scalar.string, at: mark)
            let valuePath = FieldPath.key(path, name)
            guard let value = convert(value, path: valuePath, depth: depth + 1, into: &problems)
            else { return nil }
            if let first = firstMarks[name] {
                problems.error(
                    "`\(name.clipped)` stands twice, in lines \(first.line) and \(mark.line)",
                    at: mark, valuePath, fix: "Delete one of the two.")
                continue
            }
            firstMarks[name] = mark
            entries.append(Entry(key: name, mark: mark, value: value))
        }
        return entries
    }

    private mutating func refuse<Result>(
        _ message: String, at mark: Mark, _ path: FieldPath, fix: String,
        into problems: inout Problems
    ) -> Result? {
        isRefused = true
        problems.error(message, at: mark, path, fix: fix)
        return nil
    }
}

extension Mark {
    /// The library's mark; the start of the text where it has none.
    init(_ mark: Yams.Mark?) {
        self = mark.map { Mark(line: $0.line, column: $0.column) } ?? .start
    }
}

extension Yams.Node {
    /// Whether it has a name under which an alias could repeat it.
    fileprivate var hasAnchor: Bool {
        switch self {
        case .scalar(let scalar): scalar.anchor != nil
        case .sequence(let sequence): sequence.anchor != nil
        case .mapping(let mapping): mapping.anchor != nil
        case .alias: true
        }
    }

    /// Whether a type was written in front of it; a quoted text has one that nobody wrote.
    fileprivate var hasTag: Bool {
        switch self {
        case .scalar(let scalar):
            !scalar.tag.description.isEmpty
                && (scalar.style == .plain
                    || scalar.tag.description != Tag.Name.str.rawValue)
        case .sequence(let sequence): !sequence.tag.description.isEmpty
        case .mapping(let mapping): !mapping.tag.description.isEmpty
        case .alias: false
        }
    }
}

extension Document {
    /// The text in `bytes`; throws where they are not UTF-8.
    static func text(of bytes: some Collection<UInt8>, file: String) throws(Diagnostics) -> String {
        var problems = Problems(file: file)
        guard fits(bytes.count, into: &problems) else { throw Diagnostics(problems.all) }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let bytes = Array(bytes)
        // Repairing keeps everything before the first wrong byte as it is.
        let repaired = String(decoding: bytes, as: UTF8.self)
        var valid = 0
        var mark = Mark.start
        for scalar in repaired.unicodeScalars {
            let encoded = UTF8.encode(scalar).map(Array.init) ?? []
            guard bytes.dropFirst(valid).starts(with: encoded) else { break }
            valid += encoded.count
            mark =
                scalar == "\n"
                ? Mark(line: mark.line + 1, column: 1)
                : Mark(line: mark.line, column: mark.column + 1)
        }
        problems.error("The bytes from here on are not UTF-8", at: mark, fix: "Save it as UTF-8.")
        throw Diagnostics(problems.all)
    }

    private static func fits(_ byteCount: Int, into problems: inout Problems) -> Bool {
        guard byteCount > Limits.sweepFileBytes else { return true }
        problems.error(
            "The file has \(byteCount) bytes; \(Limits.sweepFileBytes) are the limit",
            at: .start, fix: "Put data into files of their own.")
        return false
    }
}
