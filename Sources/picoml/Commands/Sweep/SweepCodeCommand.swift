import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml sweep code`: the code as a sweep runs it.
struct SweepCodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "code",
        abstract: "Get the code that a sweep runs, or what it differs in from its commit.",
        discussion: """
            Examples:
              picoml sweep code 12 --output code-of-12
              picoml sweep code 12 --difference
            """)

    @Argument(help: "The sweep's number, or last.")
    var sweep = SweepSelector.last

    @Option(help: "The folder to make.", completion: .directory)
    var output: String?

    @Flag(help: "Print in what tracked files differed from the commit.")
    var difference = false

    @OptionGroup var coordinator: CoordinatorOptions

    func validate() throws {
        guard (output != nil) != difference else {
            throw ValidationError("Give --output FOLDER or --difference.")
        }
    }

    func run() async throws {
        let client = try coordinator.client()
        guard let code = try await client.sweep(sweep).code else {
            throw ClientError(.badInput, "Sweep \(sweep) runs no code of its own.")
        }
        if let output {
            try await FetchedFolder(client).fetch(
                code.digest, byteCount: code.byteCount, into: output)
            return
        }
        guard let digest = code.difference else { return }
        let text = String(decoding: try await client.artifact(digest), as: UTF8.self)
        OutputOptions().write(Harmless.lines(text))
    }
}
