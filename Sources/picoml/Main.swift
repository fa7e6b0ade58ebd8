import ArgumentParser
import CLinux
import Client
import Glibc
import Vocabulary

/// A command that runs until a signal asks it to end.
protocol DaemonCommand: ParsableCommand {
    /// Runs on the process's first thread.
    ///
    /// - Parameter signals: Becomes readable when SIGTERM or SIGINT arrives; neither ends the
    ///   process by itself.
    /// - Throws: Why it could not start or go on.
    @MainActor func serve(signals: Int32) async throws
}

/// Where the process begins and ends: every error becomes a message and an exit code here.
@main
enum Main {
    // The first thread blocks signals before there are others, because they inherit that.
    @MainActor static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        // ArgumentParser's own `--version` would be taken for this one in every command, also
        // where it names the version of a model.
        if arguments == ["--version"] { return print(Software.version) }
        do {
            var command = try Picoml.parseAsRoot(arguments)
            if let daemon = command as? any DaemonCommand {
                let signals = unsafe picoml_signalfd([SIGTERM, SIGINT], 2)
                guard signals >= 0 else {
                    throw ClientError(.failed, "Signals cannot be listened to (errno \(errno)).")
                }
                try await daemon.serve(signals: signals)
            } else if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let ending = Ending(of: error, arguments: arguments)
            ending.tell()
            exit(ending.code)
        }
    }
}
