import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// podman or docker, as it is installed on this host.
struct ContainerEngine {
    /// Its path.
    let path: String

    /// The one that this host has, podman before docker; nil when it has neither.
    static func find() -> ContainerEngine? {
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? ProgramSearch.usualPath
        for name in ["podman", "docker"] {
            if let path = ProgramSearch.paths(of: name, in: folders).first {
                return ContainerEngine(path: path)
            }
        }
        return nil
    }

    /// Environment variables that say how the engine is reached and set up.
    static let variables = ["XDG_RUNTIME_DIR", "DOCKER_HOST", "CONTAINERS_CONF"]

    /// Gets an image unless it is here; what the engine says goes to `log`.
    func provide(
        _ image: String, log: String, for patience: Patience
    ) throws(EnvironmentProblem) {
        let look = try BuildCommand.run(
            path, ["image", "inspect", "--format", "{{.Id}}", image], log: "/dev/null",
            for: patience)
        guard look != .code(0) else { return }
        let pull = try BuildCommand.run(path, ["pull", image], log: log, for: patience)
        guard pull != .code(0) else { return }
        let words = TrialOutcome.lastWords(log)
        let message = "the image \(image) cannot be had\(words)"
        throw Self.isForEverybody(words) ? .unusable(message) : .here(message)
    }

    /// Whether a message is about the image and not about this host.
    private static func isForEverybody(_ words: String) -> Bool {
        [
            "manifest unknown", "not found", "does not exist", "invalid reference", "denied",
            "did not resolve", "must be lowercase",
        ].contains { words.contains($0) }
    }

    /// How long an engine may take to end or list containers: one that answers no more must not
    /// keep the worker from telling results.
    private static let patience = Duration.seconds(30)

    /// Ends and removes containers, and returns when they are gone: until then they have the
    /// memory and the devices that the next trials are given.
    static func remove(_ containers: [TrialContainer]) {
        guard let engine = containers.first?.engine else { return }
        // What cannot be killed, because it just starts, podman would ask to end and give 10 s,
        // unless told otherwise; docker kills it, and knows no such option.
        let removal = "\"$0\" rm -f -t 0 \"$name\" || \"$0\" rm -f \"$name\""
        ContainerEngine(path: engine).run(
            "for name; do \"$0\" kill \"$name\"; \(removal); done", containers.map(\.name))
    }

    /// Ends and removes all containers with a label, before there are new ones: those of an earlier
    /// process; goes on while `isWanted` says so.
    func removeAll(labelled label: String, while isWanted: @escaping @Sendable () -> Bool) {
        run(
            "\"$0\" ps -aq --filter \"label=$1\" | xargs -r \"$0\" rm -f", [label],
            while: isWanted)
    }

    /// Has a shell run `commands`, with the engine as `$0` and further `arguments`.
    private func run(
        _ commands: String, _ arguments: [String],
        while isWanted: @escaping @Sendable () -> Bool = { true }
    ) {
        // What stays is removed by its label at the next start of the worker.
        _ = try? BuildCommand.run(
            "/bin/sh", ["-c", commands, path] + arguments, log: "/dev/null",
            for: Patience(Self.patience, while: isWanted))
    }
}
