import Glibc
import Testing
import Trainers
import Vocabulary

/// The words with which podman and docker are started.
@Suite struct ContainerWordTests {
    private static let folder = "/trials/1.2-1"

    private func request(_ devices: [Device], engine: String = "podman") -> TrialRequest {
        let trial = TrialID(sweep: SweepID(1), number: 2)
        let lease = Lease(
            attempt: AttemptID(trial: trial, number: 1), task: .search, experiment: "Exp1",
            trainer: .command, parameters: [], seed: 42, cpus: 2, memoryBytes: 4 << 30,
            timeLimit: nil, objective: Objective(metric: "loss", goal: .minimize), data: nil)
        var request = TrialRequest(
            lease: lease, searchPath: nil, gatePath: nil, dataPath: "/cache/data", modelPaths: [:],
            directory: Self.folder, codePath: "/cache/code",
            container: TrialContainer(
                engine: "/usr/bin/\(engine)", name: "trial-1", label: "picoml=w1", image: "oven:1"))
        request.devices = devices
        return request
    }

    private func words(
        _ devices: [Device], engine: String = "podman", variables: [String: String] = [:]
    ) throws -> [String] {
        let request = request(devices, engine: engine)
        return ContainerCommand(try #require(request.container), request)
            .words(running: ["sh", "train.sh"], in: "/cache/code", variables: variables)
    }

    /// What is given to the engine for GPUs, and what the program inside sees of them.
    private func devices(_ devices: [Device], engine: String) throws -> [String] {
        let variables = ["CUDA_VISIBLE_DEVICES": "GPU-a,GPU-b", "ROCR_VISIBLE_DEVICES": "1,3"]
        let all = try words(devices, engine: engine, variables: variables)
        return all.indices.dropLast().filter {
            ["--device", "--gpus"].contains(all[$0])
                || all[$0] == "--env" && all[$0 + 1].contains("_VISIBLE_")
        }.map { "\(all[$0]) \(all[$0 + 1])" }
    }

    private func nvidia(_ identifier: String) -> Device {
        Device(maker: .nvidia, identifier: identifier, name: "H200", memoryBytes: 1)
    }

    private func amd(_ identifier: String, _ file: String?) -> Device {
        Device(maker: .amd, identifier: identifier, name: "MI300X", memoryBytes: 1, file: file)
    }

    @Test func `a container has the trial's files, limits and variables, and no GPU unasked`()
        throws
    {
        let keepsID = getuid() == 0 ? [] : ["--userns", "keep-id"]
        let place = Self.folder
        let variables = ["PATH": "/host", "LR": "0.1", "CUDA_VISIBLE_DEVICES": ""]
        #expect(
            try words([], variables: variables) == [
                "/usr/bin/podman", "run", "--rm", "--name", "trial-1", "--label", "picoml=w1",
                "--network", "host", "--security-opt", "no-new-privileges",
                "--user", "\(getuid()):\(getgid())", "--cpus", "2", "--pids-limit", "1024",
                "--workdir", "/cache/code",
            ] + keepsID + [
                "--memory", "4294967296", "--memory-swap", "4294967296",
                "--volume", "\(place):\(place)", "--volume", "\(place)/channel:/run/picoml",
                "--volume", "/cache/code:/cache/code:ro", "--volume", "/cache/data:/cache/data:ro",
                "--env", "CUDA_VISIBLE_DEVICES=", "--env", "HOME=\(place)", "--env", "LR=0.1",
                "--env", "PICOML_CHANNEL=/run/picoml/socket", "oven:1", "sh", "train.sh",
            ])
    }

    @Test func `NVIDIA's GPUs are named by their UUIDs, to each engine in its way`() throws {
        let two = [nvidia("GPU-a"), nvidia("GPU-b")]
        let seen = [
            "--env CUDA_VISIBLE_DEVICES=GPU-a,GPU-b", "--env ROCR_VISIBLE_DEVICES=1,3",
        ]
        #expect(
            try devices(two, engine: "podman")
                == ["--device nvidia.com/gpu=GPU-a", "--device nvidia.com/gpu=GPU-b"] + seen)
        #expect(
            try devices(two, engine: "docker") == [#"--gpus "device=GPU-a,GPU-b""#] + seen)
    }

    @Test(arguments: ["podman", "docker"])
    func `AMD's GPUs are device files, and are counted from 0 inside`(_ engine: String) throws {
        let two = [amd("1", "/dev/dri/renderD129"), amd("3", "/dev/dri/renderD131")]
        #expect(
            try devices(two, engine: engine) == [
                "--device /dev/kfd", "--device /dev/dri/renderD129",
                "--device /dev/dri/renderD131", "--env CUDA_VISIBLE_DEVICES=GPU-a,GPU-b",
                "--env ROCR_VISIBLE_DEVICES=0,1",
            ])
        // Where the kernel does not name the file, all are there, and the variable chooses.
        #expect(
            try devices([two[0], amd("3", nil)], engine: engine) == [
                "--device /dev/kfd", "--device /dev/dri", "--env CUDA_VISIBLE_DEVICES=GPU-a,GPU-b",
                "--env ROCR_VISIBLE_DEVICES=1,3",
            ])
    }
}
