package import Client
import Synchronization

/// What is going on at every host, drawn over itself on a terminal and told line by line elsewhere.
package final class HostBoard: Sendable {
    private struct State {
        var display: LiveDisplay
        var words: [(name: String, text: String, tone: Tone)]
    }

    private let state: Mutex<State>
    private let width: Int
    private let isLive: Bool

    /// A board of the hosts called `names`; `write` puts characters where people read them.
    package init(
        _ names: [String], terminal: Terminal, write: @escaping @Sendable (String) -> Void
    ) {
        isLive = terminal.isLive
        width = names.reduce(4) { max($0, $1.displayWidth) }
        state = Mutex(
            State(
                display: LiveDisplay(terminal: terminal, write: write),
                words: names.map { ($0, "waits", .faint) }))
    }

    /// Says what goes on at the host called `name`.
    func tell(_ name: String, _ text: String, _ tone: Tone = .accent) {
        state.withLock { state in
            guard let index = state.words.firstIndex(where: { $0.name == name }),
                state.words[index].text != text
            else { return }
            state.words[index] = (name, text, tone)
            let lines = state.words.map { word in
                StyledText(word.name, .strong).fitted(to: width) + "  "
                    + StyledText(word.text, word.tone)
            }
            state.display.show(lines, summary: StyledText("\(name): \(text)"))
        }
    }

    /// Takes the board away where it is drawn: what comes last says it all.
    package func clear() {
        guard isLive else { return }
        state.withLock { $0.display.show([], summary: .empty) }
    }

    /// How far a file is on its way to a host; only the whole of it where lines cannot be redrawn.
    func tell(_ name: String, _ text: String, part: UInt64, of whole: UInt64) {
        let percent = whole > 0 ? min(100, part * 100 / whole) : 100
        tell(name, isLive ? "\(text), \(percent) %" : text)
    }
}
