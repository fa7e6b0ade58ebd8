/// Shows something that changes: drawn over itself on a terminal, a line per change elsewhere.
package struct LiveDisplay {
    private let terminal: Terminal
    private let write: (String) -> Void
    private var drawnLines = 0
    private var lastLine: String?

    /// A display on `terminal`; `write` puts characters there as they are.
    package init(terminal: Terminal, write: @escaping (String) -> Void) {
        self.terminal = terminal
        self.write = write
    }

    /// Shows the newest state: `lines` on a live terminal, or `summary` when it has changed.
    ///
    /// Of a frame taller than the screen the end is left out, unless `isLast`: then nothing will
    /// be drawn over it.
    package mutating func show(
        _ lines: [StyledText], summary: StyledText, isLast: Bool = false
    ) {
        guard terminal.isLive else {
            // What is piped or logged is read later: no cutting, no colours.
            let line = summary.rendered(isColoured: false)
            if line != lastLine { write(line + "\n") }
            lastLine = line
            return
        }
        // A frame taller than the screen could not be drawn over: its top would scroll away.
        let visible = isLast ? lines : Array(lines.prefix(max(terminal.height - 1, 1)))
        let rewind = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\r" : ""
        // Line by line, because a screen that is cleared first flickers, and some terminals keep
        // what was cleared among the lines that can be scrolled back to.
        let text = terminal.page.text(visible).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { $0 + "\u{1B}[K\n" }.joined()
        write(rewind + text + "\u{1B}[J")
        drawnLines = visible.count
    }
}
