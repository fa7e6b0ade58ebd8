import ArgumentParser
import Client

/// `picoml model predict`: asks a model about the last rows of a file.
struct ModelPredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Predict the last rows of a CSV file with a model.",
        discussion: """
            The file has the columns that the model was trained on; features are made as they \
            were then. A row may lack the target: that is what is predicted. The model runs in a \
            process of its own.

            Examples:
              picoml model predict demand --input configs/data/demand.csv --rows 24
              picoml model predict demand --version 2 --input new.csv --json
            """)

    @Argument(help: "The model's name.")
    var name: String

    @Option(help: "The CSV file.", completion: .file(extensions: ["csv"]))
    var input: String

    @Option(help: "How many of its last rows, 1 to 100000.")
    var rows = 10

    @Option(help: "The version to ask.")
    var version: UInt32?

    @Option(help: "The alias of the version to ask.")
    var alias = "champion"

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(rows) else {
            throw ValidationError("--rows is a number from 1 to 100000.")
        }
    }

    func run() async throws {
        let predicting = Predicting(try coordinator.client())
        let number =
            if let version { version } else {
                try await predicting.version(of: name, alias: alias)
            }
        let prediction = try await predicting.predict(
            name, version: number, input: input, rows: rows)
        try output.show(prediction) { PredictionView.table(prediction, on: $0) }
    }
}
