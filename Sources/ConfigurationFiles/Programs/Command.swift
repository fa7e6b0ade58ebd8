import Vocabulary

/// A word of a command as it was written.
struct CommandWord: Sendable {
    /// The word, with its macros.
    let text: String
    /// Where it stands.
    let node: Node
    /// The macros in it, one of each name.
    let macros: [Macro]
    /// Where `${program}` stands in it.
    private let programPlaces: [Range<String.Index>]

    /// A word that stands in `node`.
    init(_ text: String, in node: Node) {
        self.text = text
        self.node = node
        let all = Macro.all(in: text)
        var names: Set<String?> = []
        macros = all.filter { names.insert($0.name).inserted }
        programPlaces = all.filter { $0.name == "program" }.map(\.range)
    }
}

extension Kind where Value == [CommandWord] {
    /// A list of words; numbers and switches are taken as they are written.
    static let command = Kind("a list of words") { node, problems in
        guard case .sequence(let items) = node.content else {
            problems.mismatch(
                node, expected: "a list of words",
                fix: "Write each word on its own: `[python3, train.py]`. No shell takes part.")
            return nil
        }
        guard (1...Limits.commandWords).contains(items.count) else {
            problems.error(
                "The command has \(items.count) words", in: node,
                fix: "Give 1 to \(Limits.commandWords).")
            return nil
        }
        let words = items.compactMap { word($0, into: &problems) }
        guard let first = words.first, words.count == items.count else { return nil }
        guard !first.text.isEmpty else {
            problems.error(
                "The first word of a command is empty", in: first.node, fix: "Name a program.")
            return nil
        }
        return words
    }

    private static func word(_ node: Node, into problems: inout Problems) -> CommandWord? {
        guard case .scalar(let scalar) = node.content, scalar.value != .null else {
            problems.mismatch(
                node, expected: "a word",
                fix: "Write a text, in quotes where it has a meaning in YAML.")
            return nil
        }
        guard scalar.text.utf8.count <= Limits.messageBytes, !scalar.text.utf8.contains(0) else {
            problems.error(
                "The word has more than \(Limits.messageBytes) bytes, or one that is zero",
                in: node, fix: "Shorten it.")
            return nil
        }
        return CommandWord(scalar.text, in: node)
    }
}

extension CommandWord {
    /// Whether `${program}` is a part of it.
    var namesProgram: Bool { !programPlaces.isEmpty }

    /// The word with `program` in the places of `${program}`; nil when it gets too long.
    func replacingProgram(with program: String) -> String? {
        // Counted before it is made: many places times a long name would be far more than the file.
        let growth = program.utf8.count - "${program}".utf8.count
        guard text.utf8.count + programPlaces.count * growth <= Limits.messageBytes else {
            return nil
        }
        var result = ""
        var start = text.startIndex
        for place in programPlaces {
            result += text[start..<place.lowerBound]
            result += program
            start = place.upperBound
        }
        return result + text[start...]
    }
}

/// Where the metrics of a command come from.
enum MetricsSource: String, CaseIterable, Sendable {
    /// From lines that it prints.
    case output
    /// From the SDK or a client of MLflow.
    case channel
}
