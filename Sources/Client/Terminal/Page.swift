/// What text is laid out for: the width of its lines and whether colours show.
package struct Page: Hashable, Sendable {
    /// Columns of a line, from 20.
    package var width: Int
    /// Whether tones become colours.
    package var isColoured: Bool

    /// A page `width` columns wide.
    package init(width: Int = 80, isColoured: Bool = false) {
        self.width = max(width, 20)
        self.isColoured = isColoured
    }

    /// The lines as one text, each cut to the width.
    package func text(_ lines: [StyledText]) -> String {
        lines.map { $0.truncated(to: width).rendered(isColoured: isColoured) }
            .joined(separator: "\n")
    }

    /// `text` broken between words into lines that fit behind `indent` spaces.
    package func wrapped(_ text: String, indent: Int = 0, _ tone: Tone = .plain) -> [StyledText] {
        let margin = StyledText(String(repeating: " ", count: indent))
        return StyledText(text, tone).wrapped(to: max(width - indent, 10)).map { margin + $0 }
    }

    /// A block of `name: value` lines whose values begin in the same column and wrap.
    package func properties(_ pairs: [(name: String, value: StyledText)]) -> [StyledText] {
        let column = pairs.reduce(0) { max($0, $1.name.displayWidth) } + 2
        return pairs.flatMap { pair in
            let lines = pair.value.wrapped(to: max(width - column, 10))
            return (lines.isEmpty ? [.empty] : lines).enumerated().map { position, line in
                StyledText(position == 0 ? pair.name : "", .faint).fitted(to: column) + line
            }
        }
    }
}
