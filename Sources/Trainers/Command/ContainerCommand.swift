import FoundationEssentials
import Glibc
import Processes
package import Vocabulary

/// A command as podman or docker runs it in a container of its own.
///
/// The trial's files have the same paths inside as outside. The network is the host's, because the
/// server for MLflow's client listens on its loopback address.
package struct ContainerCommand {
    private let container: TrialContainer
    private let request: TrialRequest

    /// Where the folder with the channel is inside.
    private static let channelFolder = "/run/picoml"

    /// The command of a trial with `request` in `container`.
    package init(_ container: TrialContainer, _ request: TrialRequest) {
        self.container = container
        self.request = request
    }

    /// The folder outside that holds the socket of the channel.
    var channelFolder: String { request.directory + "/channel" }

    /// The words that run `words` inside, in `folder`, with those of the `variables` that are not
    /// about the host.
    package func words(
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
        inside.merge(deviceVariables) { _, new in new }
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
        // Names of the Container Device Interface as nvidia-ctk writes them: by UUID, because the
        // podman of Debian 12 takes no name that begins with a digit, as an index does.
        case .nvidia where isPodman:
            return identifiers.flatMap { ["--device", "nvidia.com/gpu=\($0)"] }
        // Docker reads a list with commas, in which this is one quoted field.
        case .nvidia: return ["--gpus", "\"device=\(identifiers.joined(separator: ","))\""]
        // The door to all of them, and one file for each.
        case .amd:
            let files = ["/dev/kfd"] + (ownFiles ?? ["/dev/dri"])
            return files.flatMap { ["--device", $0] } + groupWords(for: files)
        }
    }

    /// The device files of the trial's GPUs; nil when one of them is not known.
    private var ownFiles: [String]? {
        let files = request.devices.compactMap(\.file)
        return files.count == request.devices.count ? files : nil
    }

    /// AMD's libraries count the GPUs that a container has from 0 on, whatever they are outside.
    private var deviceVariables: [String: String] {
        guard request.devices.first?.maker == .amd, let ownFiles else { return [:] }
        let numbers = ownFiles.indices.map(String.init).joined(separator: ",")
        return ["ROCR_VISIBLE_DEVICES": numbers]
    }

    /// Keeps the right to use device files, which belong to a group, inside.
    private func groupWords(for files: [String]) -> [String] {
        guard getuid() != 0 else { return [] }
        // Without root, podman knows the groups of its user by this name alone.
        if isPodman { return ["--group-add", "keep-groups"] }
        var groups: [gid_t] = []
        for file in files {
            var status = stat()
            guard unsafe stat(file, &status) == 0, !groups.contains(status.st_gid) else { continue }
            groups.append(status.st_gid)
        }
        return groups.flatMap { ["--group-add", "\($0)"] }
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
