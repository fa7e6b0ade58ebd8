import ArgumentParser
import Vocabulary

/// When a worker leaves by itself.
struct LifetimeOptions: ParsableArguments {
    @Option(
        help: """
            How long to work, such as 8h: after it what runs gets time for a checkpoint and goes \
            on elsewhere; no trial comes that would take longer.
            """)
    var timeLimit: TimeSpan?

    @Option(help: "How long to stay without anything to do, such as 10m.")
    var idleTimeout: TimeSpan?

    @Option(help: "What to do when the coordinator has been silent for a minute.")
    var onCoordinatorLost: CoordinatorLoss?

    /// The lifetime of a file with these options, which outweigh it.
    func applied(to lifetime: WorkerLifetime) -> WorkerLifetime {
        WorkerLifetime(
            timeLimit: timeLimit.map { .seconds($0.seconds) } ?? lifetime.timeLimit,
            idleTimeout: idleTimeout.map { .seconds($0.seconds) } ?? lifetime.idleTimeout,
            onLoss: onCoordinatorLost ?? lifetime.onLoss)
    }
}
