import Testing

/// Who follows README.md notices when it says something else.
@Suite struct ReadmeSectionTests {
    private let text = """
        **Before.** Something:

            command before

        **Hosts.** Start it `inline`:

            start --here            # a comment

        Write a file:

        ```yaml
        # hosts.yaml; more about it
        hosts:
            one:
        ```

            look hosts.yaml

        **After.** More:

            command after
        """

    @Test func `files and lines are read in their order, and those of other sections are not`()
        throws
    {
        var section = try ReadmeSection("Hosts.", of: text)
        #expect(try section.command("start") == "start --here            # a comment")
        #expect(
            try section.file("hosts.yaml") == "# hosts.yaml; more about it\nhosts:\n    one:\n")
        #expect(try section.command("look hosts.yaml") == "look hosts.yaml")
        try section.end()
    }

    @Test func `a section that is missing, or lacks, adds or changes a step is seen`() throws {
        #expect(throws: ReadmeSection.Problem.self) { try ReadmeSection("Cooks.", of: text) }
        var section = try ReadmeSection("Hosts.", of: text)
        #expect(throws: ReadmeSection.Problem.self) { try section.command("stop") }
        #expect(throws: ReadmeSection.Problem.self) { try section.file("hosts.yaml") }
        _ = try section.command("start")
        #expect(throws: ReadmeSection.Problem.self) { try section.file("cooks.yaml") }
        _ = try section.file("hosts.yaml")
        #expect(throws: ReadmeSection.Problem.self) { try section.end() }
        _ = try section.command("look")
        #expect(throws: ReadmeSection.Problem.self) { try section.command("look") }
    }

    @Test func `a block without an end, or without the name of its file, is seen`() {
        #expect(throws: ReadmeSection.Problem.self) {
            try ReadmeSection("A.", of: "**A.**\n```yaml\n# a.yaml\n")
        }
        #expect(throws: ReadmeSection.Problem.self) {
            try ReadmeSection("A.", of: "**A.**\n```yaml\nhosts:\n```\n")
        }
    }
}
