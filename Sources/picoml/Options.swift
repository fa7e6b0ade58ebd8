import API
import ArgumentParser
import Client
import Foundation

/// Where the coordinator is: the same for every command that speaks to it.
struct CoordinatorOptions: ParsableArguments {
    @Option(help: "Address of the coordinator, such as http://127.0.0.1:7800.")
    var address: String?

    @Option(help: "File with the coordinator's token.", completion: .file())
    var tokenFile: String?

    @Option(help: "State folder that the coordinator runs in.", completion: .directory)
    var state: String?

    var wishes: Access.Wishes {
        Access.Wishes(address: address, tokenFile: tokenFile, state: state)
    }

    /// A client for the coordinator that these options and the environment name.
    func client() throws -> CoordinatorClient {
        CoordinatorClient(
            try Access.find(wishes, environment: ProcessInfo.processInfo.environment))
    }
}

/// How results are shown: the same for every command.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of text.")
    var json = false

    var terminal: Terminal {
        Terminal.detect(environment: ProcessInfo.processInfo.environment)
    }

    /// Prints `value` as JSON, or else as `text` lays it out.
    func show(_ value: some Encodable, _ text: (Page) -> String) throws {
        if json {
            print(String(decoding: try APICoding.encode(value), as: UTF8.self))
        } else {
            print(text(terminal.page))
        }
    }

    /// Tells a person what is going on; on standard error, so that results stay clean.
    func note(_ text: String) {
        guard !json else { return }
        FileHandle.standardError.write(Data((Harmless.line(text) + "\n").utf8))
    }

    /// Characters as they are, at once.
    func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

extension Timestamp {
    /// What the wall clock shows.
    static var now: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
