import ArgumentParser

/// `picoml data`: named data sets.
struct DataGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Add data sets, list them and check them.",
        discussion: """
            A sweep file names a data set with `data: NAME`, and gets the content that the name \
            has when it is submitted. Trials find its file or folder at `trial.data.path`, at \
            ${data.path} and in the variable PICOML_DATA.
            """,
        subcommands: [
            DataAddCommand.self, DataListCommand.self, DataShowCommand.self,
            DataVerifyCommand.self,
        ])
}
