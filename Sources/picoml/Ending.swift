import ArgumentParser
import Client
import Datasets
import Foundation

/// How the process ends because of an error: with which message and which exit code.
package struct Ending: Hashable, Sendable {
    /// What a person reads; empty for nothing.
    package var message: String
    /// The exit code; see `CommandStatus`.
    package var code: Int32

    /// The end that belongs to `error`, which parsing or running `arguments` threw.
    package init(of error: any Error, arguments: [String]) {
        switch error {
        case let error as ClientError:
            message = error.told(after: "error: ")
            code = error.status.rawValue
        case let error as ExitCode:
            message = ""
            code = error.rawValue
        default:
            message = Picoml.fullMessage(for: error)
            code = Picoml.exitCode(for: error).rawValue
            guard code != 0 else { return }
            // One mark for all errors, whoever found them.
            if message.hasPrefix("Error: ") { message = "error: " + message.dropFirst(7) }
            // ArgumentParser uses EX_USAGE of sysexits.h; scripts expect the shell's 2.
            if code == EX_USAGE { code = CommandStatus.badInput.rawValue }
            if let hint = CommandHint.hint(for: arguments) { message += "\n\(hint)" }
        }
    }

    /// Writes the message: help that was asked for to standard output, errors to standard error.
    package func tell() {
        guard !message.isEmpty else { return }
        let stream = code == 0 ? FileHandle.standardOutput : FileHandle.standardError
        stream.write(Data((message + "\n").utf8))
    }
}

/// Finds the command that a person meant but misspelled.
enum CommandHint {
    /// A sentence that names it; nil when the words are commands, or like none.
    static func hint(for arguments: [String]) -> String? {
        if let first = arguments.first, first.hasPrefix("-") {
            return "Options follow the command: `picoml sweep list \(first) …`."
        }
        var command: any ParsableCommand.Type = Picoml.self
        var words = ["picoml"]
        for argument in arguments.prefix(while: { !$0.hasPrefix("-") }) {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty else { return nil }
            let names = subcommands.map { $0._commandName }
            if let position = names.firstIndex(of: argument) {
                command = subcommands[position]
                words.append(argument)
                continue
            }
            return NearestName.suggestions(for: argument, in: names, count: 1).first.map {
                "Did you mean `\((words + [$0]).joined(separator: " "))`?"
            }
        }
        return nil
    }
}
