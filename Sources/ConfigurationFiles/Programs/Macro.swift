/// A macro in a word of a command: `${NAME}`; `$${` is a literal `${`.
struct Macro {
    /// The name; nil where the brace is not closed.
    let name: String?
    /// Where it stands in the word, from its dollar sign to its brace.
    let range: Range<String.Index>

    /// The macros that a worker replaces, and `program`.
    static let known = [
        "params.NAME", "seed", "trial", "attempt", "experiment", "data.search", "data.gate",
        "data.path", "params_file", "checkpoint_dir", "directory", "code_dir", "env", "interpreter",
        "program",
        "args", "args_no_hyphens", "args_no_boolean_flags", "args_json", "args_json_file",
        "envvar:NAME",
    ]

    /// The macros of `word`, from left to right.
    static func all(in word: String) -> [Macro] {
        let bytes = word.utf8
        var macros: [Macro] = []
        var index = bytes.startIndex
        while let dollar = bytes[index...].firstIndex(of: UInt8(ascii: "$")) {
            let tail = bytes[dollar...]
            if tail.starts(with: "$${".utf8) {
                index = bytes.index(dollar, offsetBy: 3)
            } else if tail.starts(with: "${".utf8) {
                let start = bytes.index(dollar, offsetBy: 2)
                guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
                    return macros + [Macro(name: nil, range: dollar..<bytes.endIndex)]
                }
                index = bytes.index(after: end)
                macros.append(Macro(name: String(word[start..<end]), range: dollar..<index))
            } else {
                index = bytes.index(after: dollar)
            }
        }
        return macros
    }

    /// The part of the name after `prefix`; nil when it does not begin with it.
    func suffix(after prefix: String) -> String? {
        guard let name, name.hasPrefix(prefix) else { return nil }
        return String(name.dropFirst(prefix.count))
    }
}
