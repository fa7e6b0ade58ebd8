import ArgumentParser
import WorkerDaemon
import ZeroMQ

/// `picoml worker key`: shows the key that a coordinator must let in.
struct WorkerKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Print the public key of a worker, which is made when there is none.",
        discussion: """
            Example:
              picoml worker authorize oven-2 --key "$(picoml worker key --state oven-2)"
            """)

    @OptionGroup var place: WorkerPlace

    func run() throws {
        print(try WorkerFolder(place.folder()).keys().publicKey.text)
    }
}
