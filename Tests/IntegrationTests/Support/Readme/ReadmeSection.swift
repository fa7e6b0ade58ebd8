import Foundation

/// What a section of README.md tells its reader to write and to type, in order.
///
/// Who follows it takes one step after the other and says what each must be, so that a section that
/// lacks a step, has one more or says something else does not pass.
struct ReadmeSection {
    /// One thing that the reader does.
    enum Step: Hashable {
        /// Writes a file; its first line is a comment that begins with its name.
        case file(name: String, text: String)
        /// Types a line.
        case command(String)
    }

    /// The section does not say what was expected.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// What the reader has not done yet.
    private(set) var steps: [Step]

    /// README.md of this repository.
    static func readme() throws -> String {
        let path = URL(filePath: #filePath).appending(path: "../../../../../README.md")
        return try String(contentsOf: path.standardizedFileURL, encoding: .utf8)
    }

    /// Reads the section whose first line begins with `title` in bold; it ends where the next one
    /// begins.
    init(_ title: String, of text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("**\(title)**") }) else {
            throw Problem(description: "there is no section \"\(title)\"")
        }
        let rest = lines[(start + 1)...].prefix { !$0.hasPrefix("**") && !$0.hasPrefix("## ") }
        steps = []
        var fence: [Substring]?
        for line in rest {
            if line.hasPrefix("```") {
                if let fence { steps.append(try Self.file(fence)) }
                fence = fence == nil ? [] : nil
            } else if fence != nil {
                fence?.append(line)
            } else if line.hasPrefix("    ") {
                steps.append(.command(line.trimmingCharacters(in: .whitespaces)))
            }
        }
        guard fence == nil else { throw Problem(description: "a block of \"\(title)\" has no end") }
    }

    private static func file(_ lines: [Substring]) throws -> Step {
        let words = lines.first?.split(whereSeparator: { " ;".contains($0) }) ?? []
        guard words.count >= 2, words[0] == "#" else {
            throw Problem(description: "a block does not begin with the name of its file: \(lines)")
        }
        return .file(
            name: String(words[1]), text: lines.map { "\($0)\n" }.joined())
    }

    /// The next line to type, which must begin with `beginning`.
    mutating func command(_ beginning: String) throws -> String {
        guard case .command(let line) = steps.first, line.hasPrefix(beginning) else {
            throw unexpected("the command \(beginning) …")
        }
        steps.removeFirst()
        return line
    }

    /// The next file to write, which must be called `name`.
    mutating func file(_ name: String) throws -> String {
        guard case .file(name, let text) = steps.first else {
            throw unexpected("the file \(name)")
        }
        steps.removeFirst()
        return text
    }

    /// Everything was done.
    func end() throws {
        guard steps.isEmpty else { throw unexpected("nothing more") }
    }

    private func unexpected(_ wish: String) -> Problem {
        let found =
            switch steps.first {
            case nil: "its end"
            case .command(let line): "the command \(line)"
            case .file(let name, _): "the file \(name)"
            }
        return Problem(description: "expected \(wish), and the section has \(found)")
    }
}
