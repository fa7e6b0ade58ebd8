import FoundationEssentials
import Glibc
import Processes

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
    func provide(_ image: String, log: String) throws(EnvironmentProblem) {
        let look = try BuildCommand.run(
            path, ["image", "inspect", "--format", "{{.Id}}", image], log: "/dev/null")
        guard look != .code(0) else { return }
        guard try BuildCommand.run(path, ["pull", image], log: log) != .code(0) else { return }
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

    /// Ends and removes a container; returns at once.
    func remove(_ name: String) {
        start("{ \"$0\" kill \"$1\"; \"$0\" rm -f \"$1\"; } >/dev/null 2>&1 &", name)
    }

    /// Ends and removes all containers with a label, before there are new ones: those of an earlier
    /// process.
    func removeAll(labelled label: String) {
        start("\"$0\" ps -aq --filter \"label=$1\" | xargs -r \"$0\" rm -f", label)
    }

    /// Has a shell run `commands`, with the engine as `$0` and `argument` as `$1`.
    private func start(_ commands: String, _ argument: String) {
        // What cannot be started is tried again at the next start of the worker.
        _ = try? BuildCommand.run("/bin/sh", ["-c", commands, path, argument], log: "/dev/null")
    }
}
