import Testing

/// Each lint finds what it is there to find, and nothing else: a lint that cannot fail is none.
@Suite struct `A lint` {
    /// A snippet at a path where the lint looks, and how many places are wrong in it.
    struct Control: Sendable, CustomTestStringConvertible {
        var lint: Lint
        var path = "Sources/Scheduling/Example.swift"
        var snippet: String
        var count: Int

        var testDescription: String { "\(lint.name): \(count) in \(snippet.prefix(60))" }
    }

    @Test(arguments: sizes + impurities + dangers + explanations + outputs)
    func `counts the places in code`(_ control: Control) {
        check(control)
    }

    @Test(arguments: documentations + imports + texts + scripts)
    func `counts the places in documents and declarations`(_ control: Control) {
        check(control)
    }

    private func check(_ control: Control) {
        #expect(control.lint.covers(control.path))
        let violations = control.lint.check(control.path, control.snippet)
        #expect(violations.count == control.count, "\(violations)")
    }

    @Test func `looks only where its rule holds`() {
        #expect(!SizeLints.fileLength.covers("Sources/Wire/Generated/record.pb.swift"))
        #expect(!BannedCalls.impurity.covers("Sources/Storage/Journal.swift"))
        #expect(!BannedCalls.impurity.covers("Tests/SearchTests/Zoo.swift"))
        #expect(BannedCalls.impurity.covers("Sources/Search/Samplers/Random.swift"))
        #expect(!BannedCalls.output.covers("Sources/picoml/Main.swift"))
        #expect(BannedCalls.output.covers("Sources/Gateway/Gateway.swift"))
        #expect(!Docstrings.summaries.covers("Tests/SearchTests/Zoo.swift"))
    }
}

extension `A lint` {
    private static func function(lines: Int) -> String {
        "func long() {\n" + String(repeating: "    step()\n", count: lines - 2) + "}\n"
    }

    static let sizes: [Control] = [
        Control(
            lint: SizeLints.fileLength, snippet: String(repeating: "\n", count: 501), count: 1),
        Control(
            lint: SizeLints.fileLength, snippet: String(repeating: "\n", count: 500), count: 0),
        Control(
            lint: SizeLints.lineLength, snippet: String(repeating: "é", count: 101), count: 1),
        Control(
            lint: SizeLints.lineLength, snippet: String(repeating: "é", count: 100), count: 0),
        Control(lint: SizeLints.functionLength, snippet: function(lines: 70), count: 1),
        Control(lint: SizeLints.functionLength, snippet: function(lines: 69), count: 0),
        // Braces in texts and comments are no braces.
        Control(
            lint: SizeLints.functionLength,
            snippet: "func short() { // }\n  let text = \"{\\(\"{\")\" /* { /* */ */ }\n"
                + String(repeating: "\n", count: 80) + "let x = 1",
            count: 0),
        Control(
            lint: SizeLints.functionLength,
            snippet: "var sum: Int {\n" + String(repeating: "\n", count: 80) + "}", count: 1),
        Control(
            lint: SizeLints.functionLength,
            snippet: "protocol P { func f() }\nstruct S {\n" + String(repeating: "\n", count: 80)
                + "}",
            count: 0),
        Control(
            lint: SizeLints.functionLength,
            snippet: "let table = [\n" + String(repeating: "\n", count: 80) + "]", count: 0),
    ]

    static let impurities: [Control] = [
        Control(lint: BannedCalls.impurity, snippet: "let t = Date()", count: 1),
        Control(lint: BannedCalls.impurity, snippet: "start(at: .now)", count: 1),
        Control(lint: BannedCalls.impurity, snippet: "return .now", count: 1),
        Control(lint: BannedCalls.impurity, snippet: "let t = message.now + span", count: 0),
        Control(
            lint: BannedCalls.impurity, snippet: "func f(at now: Instant) { g(now) }", count: 0),
        Control(lint: BannedCalls.impurity, snippet: "Int.random(in: 0..<3)", count: 1),
        Control(
            lint: BannedCalls.impurity, snippet: "Int.random(in: 0..<3, using: &source)", count: 0),
        Control(lint: BannedCalls.impurity, snippet: "list.shuffled()", count: 1),
        Control(lint: BannedCalls.impurity, snippet: "let sampler = Sampler.random", count: 0),
        Control(lint: BannedCalls.impurity, snippet: "let log: Logger", count: 1),
        Control(lint: BannedCalls.impurity, snippet: "// Date() and Task { } are banned", count: 0),
        Control(lint: BannedCalls.impurity, snippet: "let s = \"Date() \\(Date())\"", count: 1),
    ]

    static let dangers: [Control] = [
        Control(lint: BannedCalls.danger, snippet: "let x = try! f()", count: 1),
        Control(lint: BannedCalls.danger, snippet: "if try !f() { g() }", count: 0),
        Control(lint: BannedCalls.danger, snippet: "fatalError(\"no\")", count: 1),
        Control(lint: BannedCalls.danger, snippet: "preconditionFailure(\"why\")", count: 0),
        Control(
            lint: BannedCalls.danger, snippet: "await Task.sleep(for: .seconds(1))", count: 1),
        Control(lint: BannedCalls.danger, snippet: "// A pause.\nusleep(1000)", count: 1),
        Control(
            lint: BannedCalls.danger, path: "Tests/IntegrationTests/Wait.swift",
            snippet: "// A pause between two looks.\nusleep(1000)", count: 0),
        Control(
            lint: BannedCalls.danger, path: "Tests/IntegrationTests/Wait.swift",
            snippet: "usleep(1000)", count: 1),
        Control(lint: BannedCalls.danger, snippet: "Task { await f() }", count: 1),
        Control(lint: BannedCalls.danger, snippet: "extension TrialTask { }", count: 0),
        Control(lint: BannedCalls.danger, snippet: "@testable import Search", count: 1),
        Control(lint: BannedCalls.danger, snippet: "let s = #\"try! \"#", count: 0),
    ]

    static let explanations: [Control] = [
        Control(lint: BannedCalls.unexplained, snippet: "let x = try? f()", count: 1),
        Control(
            lint: BannedCalls.unexplained, snippet: "// Absent is as good.\nlet x = try? f()",
            count: 0),
        Control(
            lint: BannedCalls.unexplained, snippet: "// Far away.\n\n\n\n\n\nlet x = try? f()",
            count: 1
        ),
        Control(
            lint: BannedCalls.unexplained, snippet: "final class A: @unchecked Sendable {}",
            count: 1),
        Control(
            lint: BannedCalls.unexplained,
            snippet: "final class A: @unchecked Sendable {} // never written again", count: 0),
        Control(lint: BannedCalls.unexplained, snippet: "func f() -> TrialEntry? {}", count: 0),
    ]

    static let outputs: [Control] = [
        Control(lint: BannedCalls.output, snippet: "print(1)", count: 1),
        Control(
            lint: BannedCalls.output, snippet: "page.print(1); func print(_ x: Int) {}", count: 0),
    ]
}
