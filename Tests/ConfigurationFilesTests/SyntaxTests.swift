import ConfigurationFiles
import Testing
import Vocabulary

struct SyntaxTests {
    @Test(arguments: [
        ("", "1:1 : The file is empty.", "configs/"),
        ("# only a comment\n", "1:1 : The file is empty.", "configs/"),
        ("- a\n", "1:1 : Expected a mapping (a sweep), found a list.", "Write keys"),
        ("42", "1:1 : Expected a mapping (a sweep), found the number 42.", "Write keys"),
        ("data:\n\tpath: x\n", "2:1 : A tab is used for indentation.", "Use spaces."),
        ("a: 1\nname: \"abc\nb: 2\n", "2:7 : The quote that opens here is never closed.", "Close"),
        ("name: 'abc", "1:7 : The quote that opens here is never closed.", "Close"),
        ("data: [1, 2\nb: 3", "1:7 : The list that opens here is not closed.", "`]`"),
        ("data: {a: 1", "1:7 : The mapping that opens here is not closed.", "`}`"),
        ("a: 1\nfoo bar\n", "2:1 : A line has no colon after its key.", "`key: value`"),
        ("a: b: c", "1:5 : A colon stands where no key can be.", "indentation"),
        ("name: @x", "1:7 : `@` cannot begin a value.", "Quote the text."),
        ("a: 1\n---\na: 2\n", "2:1 : A second document begins here.", "one file for each"),
        ("name: 'x'y", "1:10 : Something follows a value that has ended.", "Quote the text."),
        (
            "a: {}\n  b: 1", "2:3 : The indentation does not fit the lines before.", "one column"
        ),
        (
            "a: \u{1}",
            "1:4 : A character that YAML does not allow stands here (control "
                + "characters are not allowed).", "Delete it."
        ),
        ("a: *b", "1:4 : The text is not YAML: found undefined alias.", ""),
        ("a: &b 1", "1:4 a: Anchors (&) are not supported.", "quote the text"),
        ("a: !!python/object 1", "1:4 a: Tags (!) are not supported.", "Delete the tag"),
        ("[a]: 3", "1:1 : A key must be a plain text.", "Quote it"),
        ("? a\n: 3", "1:1 : Explicit keys (?) are not supported.", "`key: value`"),
        ("a: [{b: 1}, ?c]", "1:13 : Explicit keys (?) are not supported.", "`key: value`"),
        (
            "a: &b 1\nc: *b",
            "2:4 : Anchors and aliases (& and *) are not supported.", "Write the value out"
        ),
    ])
    func `broken YAML is shown where it breaks`(
        _ text: String, _ problem: String, _ fix: String
    ) {
        expectProblem(text, problem, fix: fix)
    }

    @Test func `bytes that are not UTF-8 are shown`() throws {
        var bytes = Array("name: é\nmodel: ".utf8) + [0x61, 0xFF, 0x62]
        do throws(Diagnostics) {
            _ = try SweepFile.parse(bytes: bytes, file: "s.yaml")
            Issue.record("accepted")
        } catch {
            #expect(error.all.map { [$0.line, $0.column] } == [[2, 9]])
            #expect(error.all.first?.message == "The bytes from here on are not UTF-8.")
        }
        bytes = Array(sweep("name: é").utf8)
        #expect(try SweepFile.parse(bytes: bytes, file: "s.yaml").spec.name == "é")
    }

    @Test func `duplicate keys do not hide other problems`() {
        let found = problems(
            sweep("name: a\n\"name\": b\ntrails: 3\nretries: {lost_worker: 1, lost_worker: 2}"))
        #expect(
            found.map { "\($0.line):\($0.column) \($0.field): \($0.message)" } == [
                "7:1 name: `name` stands twice, in lines 6 and 7.",
                "8:1 trails: A sweep has no key `trails`.",
                "9:27 retries.lost_worker: `lost_worker` stands twice, in lines 9 and 9.",
            ])
    }

    @Test func `a key written many times is still a problem with a place`() {
        let found = problems((0..<1000).map { _ in "name: a" }.joined(separator: "\n"))
        #expect(found.first.map { $0.line > 0 && $0.message.contains("stands twice") } ?? false)
    }

    @Test func `signs in texts are left alone`() throws {
        let text = sweep(
            "description: |\n  R&D *bold* a & b &amp. What ? Why?\nname: \"*x\" # really ? yes")
        #expect(try spec(text).name == "*x")
    }

    @Test func `an alias bomb is refused before it grows`() {
        var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
        for (name, last) in zip("bcdefghi", "abcdefgh") {
            let aliases = Array(repeating: "*\(last)", count: 9).joined(separator: ",")
            bomb += "\(name): &\(name) [\(aliases)]\n"
        }
        // As a key it would be expanded by the library itself.
        bomb += "*i : 1\n"
        let found = problems(bomb)
        #expect(found.map { [$0.line, $0.column] } == [[2, 8]])
    }

    @Test(arguments: ["[", "{a: ", "- ", "[{", "{a: ["])
    func `deep nesting is refused`(_ opening: String) {
        let found = problems(String(repeating: opening, count: 100_000))
        #expect(found.count == 1)
        #expect(found.first?.message.contains("nested") ?? false)
    }

    @Test func `nesting is refused at its limit`() {
        for (depth, isRefused) in [(60, false), (70, true)] {
            let value =
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let found = problems("name: \(value)")
            #expect(found.contains { $0.message.contains("nested") } == isRefused)
        }
    }

    @Test func `a file that is too large is refused`() {
        let text = "# " + String(repeating: "x", count: Limits.sweepFileBytes)
        expectProblem(
            text, "1:1 : The file has 1048578 bytes; 1048576 are the limit.", fix: "of their own")
    }

    @Test func `a file with too many values is refused`() {
        let text = "a: [" + String(repeating: "1,", count: 210_000) + "1]"
        let found = problems(text)
        #expect(found.map(\.message) == ["The file has more than 200000 values."])
    }

    @Test func `long words are cut in messages`() {
        let word = String(repeating: "x", count: 100_000)
        let found = problems(sweep("\(word): 1\ntrainer: \(word)"))
        #expect(found.allSatisfy { $0.description.utf8.count < 1000 })
    }
}
