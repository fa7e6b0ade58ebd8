import Testing

@Suite struct `The tokenizer` {
    private func tokens(_ text: String) -> [String] { Tokenizer.tokens(of: text).map(\.text) }

    @Test(arguments: [
        ("let a = 1", ["let", "a", "=", "1"]),
        ("a /* b /* c */ d */ e", ["a", "/* b /* c */ d */", "e"]),
        ("a // b\nc", ["a", "// b", "c"]),
        ("\"a // b\"", ["a // b"]),
        ("\"a \\\" b\" c", ["a \\\" b", "c"]),
        ("\"a \\(f(\"x\")) b\" c", ["a ", "f", "(", "x", ")", " b", "c"]),
        ("#\"a \\(b) \" c\"# d", ["a \\(b) \" c", "d"]),
        ("#\"a \\#(b)\"# d", ["a ", "b", "", "d"]),
        ("\"\"\"\n a \"b\" c\n \"\"\" d", ["\n a \"b\" c\n ", "d"]),
        ("func `it's { a \"name\"`()", ["func", "``", "(", ")"]),
        ("\"never closed\nlet a", ["never closed", "let", "a"]),
        ("\"ends in \\", ["ends in \\"]),
        ("/* never closed", ["/* never closed"]),
        ("try! a", ["try!", "a"]),
        ("try !a", ["try", "!", "a"]),
    ])
    func `tells code from texts and comments`(text: String, expected: [String]) {
        #expect(tokens(text) == expected)
    }

    @Test func `counts lines`() {
        let tokens = Tokenizer.tokens(of: "a\n/* b\n c */ d\n\"\"\"\n e\n \"\"\"\nf")
        #expect(tokens.map(\.line) == [1, 2, 3, 4, 7])
        #expect(tokens.map(\.lastLine) == [1, 3, 3, 6, 7])
    }

    @Test func `tells documentation from comments`() {
        let kinds = Tokenizer.tokens(of: "/// a\n// b\n//// c\nd").map(\.kind)
        #expect(kinds == [.documentation, .comment, .comment, .word])
    }
}
