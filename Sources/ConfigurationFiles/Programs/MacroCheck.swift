import Vocabulary

/// What the macros of one experiment's command may refer to.
struct MacroCheck {
    /// The experiment's name.
    let experiment: String
    /// The experiment's parameters; nil when they were written wrongly, which was reported.
    let parameters: [ParameterEntry]?
    /// What data a sweep has.
    enum Data: Sendable {
        /// None.
        case none
        /// Some that was written wrongly, which was reported.
        case unread
        /// A table, split into the search's rows and the gate's.
        case table
        /// A named data set.
        case set
    }

    /// What data the sweep has.
    let data: Data
    /// Whether a program is named, rightly or wrongly.
    let hasProgram: Bool
    private let conditions: [String: Bool]

    /// A check of the macros of `experiment`.
    init(experiment: String, parameters: [ParameterEntry]?, data: Data, hasProgram: Bool) {
        self.experiment = experiment
        self.parameters = parameters
        self.data = data
        self.hasProgram = hasProgram
        conditions = Dictionary(
            (parameters ?? []).map { ($0.name, $0.condition != nil) }
        ) { first, _ in first }
    }

    /// Reports every macro of `word` that a worker could not replace.
    func check(_ word: CommandWord, into problems: inout Problems) {
        for macro in word.macros where !problems.isFull {
            check(macro, in: word.node, into: &problems)
        }
    }

    private func check(_ macro: Macro, in node: Node, into problems: inout Problems) {
        guard let name = macro.name else {
            problems.error(
                "`${` has no `}`", in: node,
                fix: "Close it, or write `$${` for the characters themselves.")
            return
        }
        if let parameter = macro.suffix(after: "params.") {
            check(parameter: parameter, in: node, into: &problems)
        } else if let variable = macro.suffix(after: "envvar:") {
            guard !Self.isVariable(variable) else { return }
            problems.error(
                "`\(variable.clipped)` is not the name of an environment variable", in: node,
                fix: "Use letters, digits and `_`.")
        } else if name == "program" {
            guard !hasProgram else { return }
            problems.error(
                "`${program}` has no program to stand for", in: node,
                fix: "Add `program:` with a file, or write its name here.")
        } else if name == "data.search" || name == "data.gate" {
            guard data != .table, data != .unread else { return }
            problems.error(
                "`${\(name)}` has no table to stand for", in: node,
                fix: data == .set
                    ? "Use `${data.path}` for a data set."
                    : "Add `data:` with `path` and `target`, or delete the macro.")
        } else if name == "data.path" {
            guard data != .set, data != .unread else { return }
            problems.error(
                "`${data.path}` has no data set to stand for", in: node,
                fix: data == .table
                    ? "Use `${data.search}` for the rows of a table."
                    : "Add `data: NAME` with the name of a data set, or delete the macro.")
        } else if !Macro.known.contains(name) {
            problems.error(
                "There is no macro `${\(name.clipped)}`", in: node, fix: advice(for: name))
        }
    }

    private func check(
        parameter: String, in node: Node, into problems: inout Problems
    ) {
        guard let parameters else { return }
        guard let isConditional = conditions[parameter] else {
            problems.error(
                "\(experiment) has no parameter `\(parameter.clipped)`", in: node,
                fix: Nearest.advice(for: parameter, among: parameters.map(\.name)))
            return
        }
        if isConditional {
            problems.warn(
                "Trials of \(experiment) in which `\(parameter.clipped)` takes no part will fail",
                in: node, fix: "Use `${args}`, which leaves it out, or delete its `when`.")
        }
    }

    private func advice(for name: String) -> String {
        let known = "Known: \(Macro.known.map { "${\($0)}" }.joined(separator: " "))."
        let match =
            conditions[name] != nil
            ? "params.\(name)" : Nearest.match(for: name, among: Macro.known)
        guard let match else { return known + " `$${` stands for the characters themselves." }
        return "Did you mean `${\(match.clipped)}`? \(known)"
    }

    private static func isVariable(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { Kind<String>.isLetterOrDigit($0) || $0 == "_" }
    }
}
