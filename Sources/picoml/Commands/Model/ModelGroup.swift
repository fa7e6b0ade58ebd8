import ArgumentParser

/// `picoml model`: everything about registered models.
struct ModelGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "See, promote, roll back and use models.",
        discussion: """
            A model has versions; the alias `champion` points to the one in use. The gate of a \
            sweep moves it only when a new version proves better.
            """,
        subcommands: [
            ModelListCommand.self, ModelShowCommand.self, ModelPromoteCommand.self,
            ModelRollbackCommand.self, ModelPredictCommand.self,
        ])
}
