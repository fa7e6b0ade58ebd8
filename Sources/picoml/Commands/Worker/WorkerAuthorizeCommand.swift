import API
import ArgumentParser
import Client
import Vocabulary

/// `picoml worker authorize`: lets a worker's key in.
struct WorkerAuthorizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize",
        abstract: "Let a worker with a given public key in, without a join token.",
        discussion: """
            Every worker makes its own key: `picoml worker key` prints the public half, and so \
            does the worker's log. Write --key= with the key in single quotes: a key may begin \
            with a minus and hold what shells give a meaning.

            Example:
              picoml worker authorize oven-2 --key='rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'
            """)

    @Argument(help: "A name for people.")
    var name: String

    @Option(help: "The worker's public key: 40 characters of Z85.")
    var key: String

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard CurveKeyForm.matches(key) else {
            throw ValidationError(
                "--key is 40 characters of Z85; write --key='…', in single quotes.")
        }
    }

    func run() async throws {
        let answer = try await coordinator.client().authorize(name: name, key: key)
        try output.show(answer) { _ in
            Harmless.line("Worker \(answer.worker) (\(name)) is let in.")
        }
    }
}
