/// What a piece of text means, from which its colour follows.
package enum Tone: Hashable, Sendable {
    /// Nothing special.
    case plain
    /// A heading, or what the eye should find first.
    case strong
    /// Background that can be skipped.
    case faint
    /// Went well.
    case good
    /// Needs attention.
    case warning
    /// Went wrong.
    case bad
    /// A name to use in the next command.
    case accent
}

/// One line of text in tones, made harmless on the way in: nothing reaches a terminal otherwise.
package struct StyledText: Hashable, Sendable {
    private struct Run: Hashable, Sendable {
        var text: String
        var tone: Tone
    }

    private var runs: [Run]

    /// `text` in one tone; see `Harmless.line`.
    package init(_ text: String, _ tone: Tone = .plain) {
        runs = [Run(text: Harmless.line(text), tone: tone)]
    }

    /// An empty line.
    package static let empty = StyledText("")

    /// Columns that it takes.
    package var width: Int { runs.reduce(0) { $0 + $1.text.displayWidth } }

    /// The two, one after the other.
    package static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.runs += right.runs
        return sum
    }

    /// `right` in plain tone after `left`.
    package static func + (left: StyledText, right: String) -> StyledText {
        left + StyledText(right)
    }

    /// At most `limit` columns; what is cut off is replaced by `…`.
    package func truncated(to limit: Int) -> StyledText {
        guard width > limit else { return self }
        var kept = StyledText("")
        kept.runs = []
        var room = max(limit - 1, 0)
        for run in runs {
            var text = ""
            for character in run.text {
                let width = character.displayWidth
                guard width <= room else { return kept.closing(with: text, run.tone, limit) }
                text.append(character)
                room -= width
            }
            kept.runs.append(Run(text: text, tone: run.tone))
        }
        return kept
    }

    private func closing(with text: String, _ tone: Tone, _ limit: Int) -> StyledText {
        var closed = self
        closed.runs.append(Run(text: limit > 0 ? text + "…" : "", tone: tone))
        return closed
    }

    /// Lines of at most `limit` columns, broken at spaces; a longer word has a line of its own.
    package func wrapped(to limit: Int) -> [StyledText] {
        guard width > limit else { return width > 0 ? [self] : [] }
        var lines: [StyledText] = []
        var line = StyledText.empty
        for run in runs {
            for word in run.text.split(separator: " ") {
                let next = StyledText(String(word), run.tone)
                if line.width == 0 {
                    line = next
                } else if line.width + 1 + next.width <= limit {
                    line = line + " " + next
                } else {
                    lines.append(line)
                    line = next
                }
            }
        }
        return lines + [line]
    }

    /// Exactly `columns` columns: truncated or filled up with spaces.
    package func fitted(to columns: Int, alignment: Alignment = .left) -> StyledText {
        let text = truncated(to: columns)
        let padding = StyledText(String(repeating: " ", count: max(columns - text.width, 0)))
        return alignment == .left ? text + padding : padding + text
    }

    /// The characters, with colours when `isColoured`; spaces at the end are left out.
    package func rendered(isColoured: Bool) -> String {
        var runs = runs
        while let last = runs.popLast() {
            var text = last.text
            while text.last == " " { text.removeLast() }
            if !text.isEmpty {
                runs.append(Run(text: text, tone: last.tone))
                break
            }
        }
        return runs.map { run in
            guard isColoured, let code = run.tone.code, !run.text.isEmpty else { return run.text }
            return "\u{1B}[\(code)m\(run.text)\u{1B}[0m"
        }.joined()
    }
}

/// To which side a text is moved in its column.
package enum Alignment: Hashable, Sendable {
    /// For words.
    case left
    /// For numbers.
    case right
}

extension Tone {
    /// The parameter of the SGR sequence (ECMA-48, section 8.3.117); nil for none.
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .warning: "33"
        case .bad: "31"
        case .accent: "36"
        }
    }
}
