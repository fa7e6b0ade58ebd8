import ArgumentParser
import WorkerDaemon

/// `picoml worker join`: enrols the worker of this host and does not run it.
struct WorkerJoinCommand: DaemonCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Enrol this host's worker with a join token, without running it.",
        discussion: """
            For services, which are started apart: afterwards the worker needs no token. It waits \
            until the coordinator answers. A worker that has joined that coordinator before stays \
            as it is, and the token is not used.

            Examples:
              picoml worker join --join-file - --config /etc/picoml/worker.yaml
              picoml worker join --join TOKEN --state /var/lib/picoml/worker --name oven-2
            """)

    @OptionGroup var place: WorkerPlace
    @OptionGroup var join: JoinOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        guard join.isGiven else {
            throw ValidationError("Give --join or --join-file with a token.")
        }
    }

    func serve(signals: Int32) async throws {
        let hasEnrolled = try join.enrol(
            place.folder(), facts: place.facts(), signals: signals, logger: log.logger("worker"))
        guard hasEnrolled else { throw ExitCode.failure }
    }
}
