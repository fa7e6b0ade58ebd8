import Client
import Testing

/// Bars, sparklines and what is drawn over itself.
struct DrawingTests {
    @Test(arguments: [
        (0, 10, "··········"), (5, 10, "█████·····"), (10, 10, "██████████"),
        (15, 10, "██████████"), (1, 80, "▏·········"), (3, 0, "··········"),
        (-3, 10, "··········"),
    ])
    func `a bar shows the share that is done`(done: Double, total: Double, bar: String) {
        #expect(Drawing.bar(done: done, of: total, width: 10) == bar)
    }

    @Test func `a sparkline is low where values are low`() {
        #expect(Drawing.sparkline([0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
        #expect(Drawing.sparkline([0, 0, 8, 8], width: 2) == "▁█")
        #expect(Drawing.sparkline([3, 3, 3], width: 8) == "▄▄▄")
        #expect(Drawing.sparkline([1, .nan, 2], width: 8) == "▁×█")
        #expect(Drawing.sparkline([.nan, .infinity], width: 8) == "××")
        #expect(Drawing.sparkline([-1.7e308, 1.7e308], width: 8) == "▁█")
        #expect(Drawing.sparkline([], width: 8) == "")
        #expect(Drawing.sparkline([1], width: 0) == "")
    }

    @Test func `a live display draws over its last frame`() {
        var written: [String] = []
        let terminal = Terminal(page: Page(width: 40), isLive: true, height: 3)
        var display = LiveDisplay(terminal: terminal) { written.append($0) }
        display.show([StyledText("one"), StyledText("two")], summary: .empty)
        display.show(["a", "b", "c", "d"].map { StyledText($0) }, summary: .empty)
        // The screen has three lines: a frame of four would scroll, which only the last one may.
        display.show(
            ["c", "d", "e", "f"].map { StyledText($0) }, summary: .empty, isLast: true)
        #expect(
            written
                == [
                    "one|two|", "\u{1B}[2A\ra|b|", "\u{1B}[2A\rc|d|e|f|",
                ].map { $0.replacing("|", with: "\u{1B}[K\n") + "\u{1B}[J" })
    }

    @Test func `without a terminal only changes are written, without colours`() {
        var written: [String] = []
        let terminal = Terminal(page: Page(width: 20, isColoured: true), isLive: false)
        var display = LiveDisplay(terminal: terminal) { written.append($0) }
        let long = StyledText(String(repeating: "x", count: 50), .good)
        for summary in [long, long, StyledText("done")] { display.show([], summary: summary) }
        #expect(written == [String(repeating: "x", count: 50) + "\n", "done\n"])
    }

    @Test func `a pipe has no colours and is not drawn over`() {
        let terminal = Terminal.detect(descriptor: -1, environment: ["TERM": "xterm"])
        #expect(!terminal.page.isColoured)
        #expect(!terminal.isLive)
        #expect(terminal.page.width == 80)
        let narrow = Terminal.detect(descriptor: -1, environment: ["COLUMNS": "55"])
        #expect(narrow.page.width == 55)
        let absurd = Terminal.detect(descriptor: -1, environment: ["COLUMNS": "99999999"])
        #expect(absurd.page.width == 1000)
    }
}
