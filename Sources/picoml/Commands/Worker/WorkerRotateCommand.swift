import ArgumentParser
import Client
import WorkerDaemon
import ZeroMQ

/// `picoml worker rotate`: gives the worker of this host another key.
struct WorkerRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give this host's worker a new key; the old one ends when it is first used.",
        discussion: """
            Run it on the worker's host. A running worker goes on with the new key within \
            seconds, and what it runs goes on as well.

            Example:
              picoml worker rotate --state /var/lib/picoml/worker
            """)

    @OptionGroup var place: WorkerPlace
    @OptionGroup var output: OutputOptions

    private struct Rotated: Encodable {
        var key: String
    }

    func run() throws {
        let key = try WorkerEnrolment.rotate(place.settings(facts: place.facts()))
        try output.show(Rotated(key: key.text)) { _ in
            "The worker's new public key is \(key); the old one ends when it is first used."
        }
    }
}
