import Foundation
import Glibc

/// What a person sees through: how wide it is, and whether it can show colours and redraw.
package struct Terminal: Hashable, Sendable {
    /// How text is laid out.
    package var page: Page
    /// Whether earlier lines can be drawn over.
    package var isLive: Bool
    /// Lines on the screen.
    package var height: Int

    /// A terminal of known abilities.
    package init(page: Page, isLive: Bool, height: Int = 24) {
        self.page = page
        self.isLive = isLive
        self.height = height
    }

    /// What `descriptor` and `environment` say: colours only on a terminal, and never with
    /// `NO_COLOR` (no-color.org) or `TERM=dumb`.
    package static func detect(descriptor: Int32 = 1, environment: [String: String]) -> Terminal {
        let isTerminal = isatty(descriptor) == 1
        let isDumb = environment["TERM"].map { $0 == "dumb" || $0.isEmpty } ?? true
        let refusesColour = !(environment["NO_COLOR"] ?? "").isEmpty
        var size = winsize()
        let answered =
            unsafe isTerminal
            && withUnsafeMutablePointer(to: &size) {
                unsafe ioctl(descriptor, UInt(TIOCGWINSZ), $0) == 0
            }
        let measured = answered && size.ws_col > 0 ? Int(size.ws_col) : nil
        let wished = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return Terminal(
            page: Page(
                width: min(measured ?? wished ?? 80, 1000),
                isColoured: isTerminal && !isDumb && !refusesColour),
            isLive: isTerminal && !isDumb,
            height: answered && size.ws_row > 1 ? Int(size.ws_row) : 24)
    }
}
