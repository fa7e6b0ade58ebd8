import Datasets
import Vocabulary

/// Replaces the macros in the words of a command; no shell is involved.
///
/// `${params.NAME}`, `${seed}`, `${data.search}` and the like stand anywhere in a word and become
/// text. `${args}`, `${args_no_hyphens}` and `${args_no_boolean_flags}` become one word for each
/// parameter: what stands before and after them in their word is repeated with each. `$${` is a
/// literal `${`. The names of the argument macros are those of Weights & Biases, whose sweep
/// files they come from; as there, they print switches as Python does (`True`, `False`), while
/// `${params.NAME}` prints them as the sweep file does (`true`, `false`).
struct CommandMacros {
    /// Why a word cannot be had.
    struct Problem: Error {
        let message: String
    }

    /// The parameters, with their full names.
    var parameters: [Assignment]
    /// The macros that are one text each.
    var texts: [String: String]
    /// The macros that would be texts if this trial had what they name, with the reason.
    var missing: [String: String]
    /// What `${envvar:NAME}` reads.
    var environment: [String: String]

    /// The command's words with everything replaced.
    func expand(_ words: [String]) throws(Problem) -> [String] {
        var expanded: [String] = []
        for word in words { expanded += try expand(word) }
        return expanded
    }

    private func expand(_ word: String) throws(Problem) -> [String] {
        var results = [""]
        var rest = word[...]
        while let start = rest.firstRange(of: "${") {
            if rest[..<start.lowerBound].last == "$" {
                results = results.map { $0 + rest[..<start.lowerBound].dropLast() + "${" }
                rest = rest[start.upperBound...]
                continue
            }
            results = results.map { $0 + rest[..<start.lowerBound] }
            let body = rest[start.upperBound...]
            guard let end = body.firstIndex(of: "}") else {
                throw Problem(message: "The macro in \"\(word)\" of the command has no end.")
            }
            let values = try values(of: String(body[..<end]))
            results = results.flatMap { result in values.map { result + $0 } }
            rest = body[body.index(after: end)...]
        }
        return results.map { $0 + rest }
    }

    private func values(of name: String) throws(Problem) -> [String] {
        if let text = texts[name] { return [text] }
        if let reason = missing[name] { throw Problem(message: "${\(name)}: \(reason)") }
        if name.hasPrefix("params.") {
            return [try value(of: String(name.dropFirst("params.".count)))]
        }
        if name.hasPrefix("envvar:") {
            return [try variable(String(name.dropFirst("envvar:".count)))]
        }
        switch name {
        case "args": return parameters.map { "--" + Self.argument($0) }
        case "args_no_hyphens": return parameters.map(Self.argument)
        case "args_no_boolean_flags":
            return parameters.compactMap { parameter in
                guard case .boolean(let isOn) = parameter.value else {
                    return "--" + Self.argument(parameter)
                }
                return isOn ? "--" + parameter.name : nil
            }
        default:
            let known = (Array(texts.keys) + Array(missing.keys) + Self.lists).sorted()
            throw Problem(
                message: "The command has an unknown macro, ${\(name)}. "
                    + NearestName.question(for: name, in: known))
        }
    }

    private static let lists = ["args", "args_no_hyphens", "args_no_boolean_flags"]

    private func value(of name: String) throws(Problem) -> String {
        guard let parameter = parameters.last(where: { $0.name == name }) else {
            throw Problem(
                message: "The command names a parameter that the trial does not have, "
                    + "${params.\(name)}. "
                    + NearestName.question(for: name, in: parameters.map(\.name)))
        }
        return Self.text(of: parameter.value)
    }

    private func variable(_ name: String) throws(Problem) -> String {
        guard let value = environment[name] else {
            let passed = HostVariables.names.joined(separator: ", ")
            throw Problem(
                message: "${envvar:\(name)}: a trial has no such environment variable; of its "
                    + "own a worker passes on only \(passed).")
        }
        return value
    }

    private static func argument(_ parameter: Assignment) -> String {
        if case .boolean(let isOn) = parameter.value {
            return parameter.name + (isOn ? "=True" : "=False")
        }
        return "\(parameter.name)=\(text(of: parameter.value))"
    }

    /// The shortest text that reads back as the same value; a real number without a fraction is
    /// printed as a whole number, because programs may expect one.
    static func text(of value: ParameterValue) -> String {
        guard case .float(let number) = value, let whole = Int64(exactly: number),
            whole.magnitude < 1 << 53, !(number == 0 && number.sign == .minus)
        else { return value.description }
        return "\(whole)"
    }
}
