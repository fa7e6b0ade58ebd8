/// Makes text from outside safe to show: what a trainer, a worker or a file says cannot move the
/// cursor, change colours, hide or reorder what is on the terminal.
package enum Harmless {
    /// `text` as one line: control characters become visible pictures, line ends included.
    package static func line(_ text: String) -> String {
        cleaned(text, keepingLines: false)
    }

    /// `text` with its line ends and tabs kept, and everything else made harmless.
    package static func lines(_ text: String) -> String {
        cleaned(text, keepingLines: true)
    }

    private static func cleaned(_ text: String, keepingLines: Bool) -> String {
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        while let scalar = pending {
            pending = scalars.next()
            if keepingLines, scalar == "\n" || scalar == "\t" {
                result.append(scalar)
            } else if keepingLines, scalar == "\r", pending == "\n" || pending == nil {
                continue
            } else {
                result.append(replacement(for: scalar))
            }
        }
        return String(result)
    }

    /// A picture for C0 controls (Unicode block Control Pictures), the replacement character for
    /// other scalars that act instead of showing (C1 controls, bidirectional controls of UAX #9,
    /// separators, tags).
    private static func replacement(for scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x00...0x1F: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE007F:
            "\u{FFFD}"
        default: scalar
        }
    }
}
