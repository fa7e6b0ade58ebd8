import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// A command as podman or docker runs it in a container of its own.
///
/// The trial's files have the same paths inside as outside. The network is the host's, because the
/// server for MLflow's client listens on its loopback address.
struct ContainerCommand {
    private let container: TrialContainer
    private let request: TrialRequest

    /// Where the folder with the channel is inside.
    private static let channelFolder = "/run/picoml"

    init(_ container: TrialContainer, _ request: TrialRequest) {
        self.container = container
        self.request = request
    }

    /// The folder outside that holds the socket of the channel.
    var channelFolder: String { request.directory + "/channel" }

    /// The words that run `words` inside, in `folder`, with those of the `variables` that are not
    /// about the host.
    func words(
        running words: [String], in folder: String, variables: [String: String]
    ) -> [String] {
        let user = "\(getuid()):\(getgid())"
        var all = [
            container.engine, "run", "--rm", "--name", container.name, "--label", container.label,
            "--network", "host", "--security-opt", "no-new-privileges", "--user", user,
            "--cpus", "\(request.lease.cpus)", "--pids-limit", "\(Limits.processesPerTrial)",
            "--workdir", folder,
        ]
        // Without root, podman gives the user another number inside unless it is told not to.
        if isPodman, getuid() != 0 { all += ["--userns", "keep-id"] }
        // Without the second, as much swap would be allowed on top.
        if let bytes = request.lease.memoryBytes {
            all += ["--memory", "\(bytes)", "--memory-swap", "\(bytes)"]
        }
        all += deviceWords
        all += volume(request.directory) + volume(channelFolder, at: Self.channelFolder)
        let inputs =
            [
                request.codePath, request.packagePath, request.searchPath, request.gatePath,
                request.dataPath,
            ].compactMap(\.self) + request.modelPaths.values.sorted()
        for path in inputs { all += volume(path, isReadOnly: true) }
        var inside = variables.filter { !Self.hostVariables.contains($0.key) }
        inside["PICOML_CHANNEL"] = Self.channelFolder + "/" + ChannelSocket.name
        inside["HOME"] = request.directory
        for (name, value) in inside.sorted(by: { $0.key < $1.key }) {
            all += ["--env", "\(name)=\(value)"]
        }
        return all + [container.image] + words
    }

    /// What brings the trial's GPUs into the container.
    private var deviceWords: [String] {
        let identifiers = request.devices.map(\.identifier)
        switch request.devices.first?.maker {
        case nil: return []
        case .nvidia where isPodman:
            return identifiers.flatMap { ["--device", "nvidia.com/gpu=\($0)"] }
        // Docker reads a list with commas, in which this is one quoted field.
        case .nvidia: return ["--gpus", "\"device=\(identifiers.joined(separator: ","))\""]
        case .amd: return ["--device", "/dev/kfd", "--device", "/dev/dri"]
        }
    }

    private var isPodman: Bool { container.engine.hasSuffix("podman") }

    private func volume(
        _ path: String, at place: String? = nil, isReadOnly: Bool = false
    ) -> [String] {
        ["--volume", "\(path):\(place ?? path)" + (isReadOnly ? ":ro" : "")]
    }

    private static let hostVariables: Set = [
        "PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR", "DOCKER_HOST",
        "CONTAINERS_CONF",
    ]

    /// Ends the container, and waits until that is done.
    func kill() {
        let plan = ProcessPlan(
            program: container.engine, arguments: [container.engine, "kill", container.name],
            environment: ProcessInfo.processInfo.environment, folder: nil,
            descriptors: [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO])
        // The next start of the worker tries again.
        guard let process = try? plan.start() else { return }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    /// What the end of the container means where it is not the end of the command itself.
    func failure(_ status: ExitStatus, log: String) -> TrialEnd? {
        switch status {
        case .code(137) where request.lease.memoryBytes != nil:
            .failed(
                .outOfMemory,
                message: "the container was killed, as happens to one that uses more memory than "
                    + "the sweep allows (resources: memory)")
        case .code(125):
            .failed(.trainerError, message: "the container could not be started: \(log)")
        case .code, .signal: nil
        }
    }
}
