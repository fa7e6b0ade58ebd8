import API
import Client
import Testing

/// Widths, tables and numbers.
struct TextTests {
    @Test(arguments: [
        ("abc", 3), ("Zürich", 6), ("東京", 4), ("e\u{301}", 1), ("🚲", 2), ("👩‍👩‍👧", 2), ("", 0),
        ("❤️", 2), ("한글", 4), ("…", 1),
    ])
    func `text takes the columns that a terminal gives it`(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func `what does not fit is cut at a character and marked`() {
        let text = StyledText("東京 demand", .good)
        #expect(text.truncated(to: 6).rendered(isColoured: false) == "東京 …")
        #expect(text.truncated(to: 4).rendered(isColoured: false) == "東…")
        #expect(text.truncated(to: 11) == text)
        #expect(text.truncated(to: 1).rendered(isColoured: false) == "…")
        #expect(text.truncated(to: 0).width == 0)
        for limit in 0...12 { #expect(text.truncated(to: limit).width <= limit) }
    }

    @Test func `numbers are moved to the right and spaces at the end left out`() {
        let cell = StyledText("42").fitted(to: 5, alignment: .right)
        #expect(cell.rendered(isColoured: false) == "   42")
        #expect(StyledText("42").fitted(to: 5).width == 5)
        #expect(StyledText("42").fitted(to: 5).rendered(isColoured: false) == "42")
    }

    @Test func `colours stand around the text only`() {
        let text = StyledText("good", .good) + " plain"
        #expect(text.rendered(isColoured: true) == "\u{1B}[32mgood\u{1B}[0m plain")
        #expect(text.rendered(isColoured: false) == "good plain")
    }

    @Test func `a table drops and shrinks columns until it fits`() {
        let table = TextTable(
            [
                .init("ID", .right), .init("NAME", minimum: 4), .init("EXTRA", rank: 1),
                .init("MORE", rank: 2),
            ],
            rows: [["7", "a long name", "extra", "more"].map { StyledText($0) }])
        let lines = { (width: Int) in
            table.lines(width: width).map { $0.rendered(isColoured: false) }
        }
        #expect(lines(80) == ["ID  NAME         EXTRA  MORE", " 7  a long name  extra  more"])
        #expect(lines(24) == ["ID  NAME     EXTRA  MORE", " 7  a long…  extra  more"])
        #expect(lines(15) == ["ID  NAME  EXTRA", " 7  a l…  extra"])
        #expect(lines(10) == ["ID  NAME", " 7  a lon…"])
        #expect(lines(3) == ["ID  NAME", " 7  a l…"])
    }

    @Test func `words wrap and keep their tone`() {
        let lines = (StyledText("one two", .good) + StyledText(" three", .bad)).wrapped(to: 9)
        #expect(lines.map { $0.rendered(isColoured: false) } == ["one two", "three"])
        #expect(lines[1] == StyledText("three", .bad))
        #expect(StyledText("").wrapped(to: 9).isEmpty)
    }

    @Test(arguments: [
        (0, "0.0 s"), (0.44, "0.4 s"), (12.3, "12 s"), (59.6, "1 min"), (123, "2 min 3 s"),
        (3840, "1 h 4 min"), (266_400, "3 d 2 h"), (-1, "–"), (.nan, "–"), (.infinity, "–"),
        (1e300, "–"),
    ])
    func `a duration is said in its two largest units`(seconds: Double, text: String) {
        #expect(HumanForm.duration(seconds: seconds) == text)
    }

    @Test func `counts, bytes and numbers are easy to read`() {
        #expect(HumanForm.count(0) == "0")
        #expect(HumanForm.count(1_234_567) == "1,234,567")
        #expect(HumanForm.count(-1234) == "-1,234")
        #expect(HumanForm.count(Int64.min) == "-9,223,372,036,854,775,808")
        #expect(HumanForm.count(1, "trial") == "1 trial")
        #expect(HumanForm.count(1000, "trial") == "1,000 trials")
        #expect(HumanForm.bytes(512) == "512 B")
        #expect(HumanForm.bytes(1536) == "1.5 KiB")
        #expect(HumanForm.bytes(.max) == "16.0 EiB")
        #expect(HumanForm.number(41.537123) == "41.5371")
        #expect(HumanForm.number(1.2e-9) == "1.2e-09")
        #expect(HumanForm.column([1147, 324.3218, nil]) == ["1147.00", "324.32", "–"])
        #expect(HumanForm.column([0.125, .nan]) == ["0.125000", "nan"])
        #expect(HumanForm.column([1e6, 0.5]) == ["1e+06", "0.5"])
        #expect(HumanForm.column([]) == [])
        #expect(HumanForm.percent(0.975) == "97.5 %")
        #expect(HumanForm.age(of: Samples.time(secondsAgo: 62), at: Samples.now) == "1 min 2 s ago")
        #expect(HumanForm.age(of: Samples.time(secondsAgo: 3), at: Samples.now) == "3 s ago")
        #expect(HumanForm.age(of: Samples.now, at: Samples.now) == "now")
    }
}
