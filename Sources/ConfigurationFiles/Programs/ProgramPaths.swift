import Vocabulary

extension Kind where Value == String {
    /// A file of the code, by a path that cannot leave it.
    static func codePath(_ noun: String) -> Kind {
        text(noun, bytes: Limits.messageBytes).then { path, node, problems in
            isWithinCode(path, at: node, into: &problems) ? path : nil
        }
    }

    /// A program, which becomes a part of words in which `$` has a meaning.
    static let programPath = codePath("the path of a file of the code").then {
        path, node, problems -> String? in
        guard !path.utf8.contains(UInt8(ascii: "$")) else {
            problems.error("The name of a program has no `$`", in: node, fix: "Rename the file.")
            return nil
        }
        return path
    }

    /// A function by its file: `train.py:train`.
    static let entry = text("FILE.py:FUNCTION", bytes: Limits.messageBytes).then {
        text, node, problems -> String? in
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let file = parts.first, let function = parts.last,
            file.hasSuffix(".py"), !file.hasSuffix("/.py"), file != ".py"
        else {
            problems.mismatch(
                node, expected: "FILE.py:FUNCTION",
                fix: "Write the file and its function, such as `train.py:train`.")
            return nil
        }
        guard isWithinCode(file, at: node, into: &problems) else { return nil }
        guard isIdentifier(function) else {
            problems.error(
                "`\(function.clipped)` is not the name of a function of Python", in: node,
                fix: "Name one that the file defines itself, without full stops.")
            return nil
        }
        return text
    }

    private static func isWithinCode(
        _ path: String, at node: Node, into problems: inout Problems
    ) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isWithin =
            parts.allSatisfy { !$0.isEmpty && $0 != ".." } && parts.last != "."
            && path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        if !isWithin {
            problems.error(
                "`\(path.clipped)` is not the path of a file within the code", in: node,
                fix: "Write it relative to `code`, without `..` and a `/` in front.")
        }
        return isWithin
    }

    /// The rule of the Python language reference, section "Identifiers".
    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        return (first == "_" || first.properties.isXIDStart)
            && name.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
    }
}
