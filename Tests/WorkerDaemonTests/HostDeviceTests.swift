import Foundation
import Testing
import Vocabulary
import WorkerDaemon

/// GPUs as a real program named nvidia-smi and a tree of files like the kernel's tell them.
struct HostDeviceTests {
    private func find(
        nvidia script: String? = nil, files: [String: String] = [:],
        limit: Duration = .seconds(20)
    ) throws -> HostDevices {
        var files = files
        files["/bin/nvidia-smi"] = script.map { "#!/bin/sh\n\($0)\n" }
        let root = try HostRoot(files)
        if script != nil { try root.makeExecutable("/bin/nvidia-smi") }
        return HostDevices.find(
            searchPath: "\(root.path)/nowhere:\(root.path)/bin", root: root.path, limit: limit)
    }

    private let one = Device(
        maker: .nvidia, identifier: "GPU-6a1c2f3e-0b1d", name: "NVIDIA H200",
        memoryBytes: 143_771 << 20)

    @Test func `NVIDIA's GPUs are those that nvidia-smi tells`() throws {
        let found = try find(
            nvidia: """
                [ "$1" = --query-gpu=index,uuid,name,memory.total ] || exit 3
                [ "$2" = --format=csv,noheader ] || exit 3
                echo '0, GPU-6a1c2f3e-0b1d, NVIDIA H200, 143771 MiB'
                echo '1, GPU-77, Orin, rev 2, [N/A]'
                """)
        let other = Device(
            maker: .nvidia, identifier: "GPU-77", name: "Orin, rev 2", memoryBytes: 0)
        #expect(found.devices == [one, other])
        #expect(found.problem == nil)
    }

    @Test(arguments: [
        ("echo 'No devices were found'", "it says what is no GPU: No devices were found"),
        ("echo 'NVIDIA-SMI has failed'; exit 9", "it fails: NVIDIA-SMI has failed"),
        ("kill -9 $$", "it fails"),
        ("echo '0, GPU;rm -rf, name, 1 MiB'", "it says what is no GPU: 0, GPU;rm -rf, name"),
        (
            "echo '0, GPU-1, a, 1 MiB'; echo '1, GPU-1, a, 1 MiB'",
            "it says what is no GPU: 1, GPU-1"
        ),
        ("yes '0, GPU-1, a, 1 MiB'", "it says too much"),
        ("head -c 300000 /dev/urandom", "it says"),
    ])
    func `bad output is no GPU, with the reason`(_ script: String, _ reason: String) throws {
        let found = try find(nvidia: script)
        #expect(found.devices == [])
        let problem = try #require(found.problem)
        #expect(problem.hasPrefix("no NVIDIA GPUs are offered: /tmp/"))
        #expect(problem.contains("/bin/nvidia-smi: \(reason)"), "\(problem)")
    }

    @Test func `an nvidia-smi that hangs costs its time and no more`() throws {
        let found = try find(nvidia: "sleep 600 & sleep 600", limit: .milliseconds(300))
        #expect(found.devices == [])
        #expect(found.problem?.contains("takes longer than") == true)
    }

    @Test func `without nvidia-smi and without AMD's driver there is nothing to tell`() throws {
        let found = try find()
        #expect(found.devices == [])
        #expect(found.problem == nil)
    }

    private static let node = "/sys/class/kfd/kfd/topology/nodes"

    private let amdFiles = [
        "\(node)/0/gpu_id": "0\n", "\(node)/0/name": "\n",
        "\(node)/2/gpu_id": "51111\n", "\(node)/2/name": "gfx942\n",
        "\(node)/2/properties": "cpu_cores_count 0\nsimd_count 1216\ndrm_render_minor 128\n",
        "\(node)/2/mem_banks/0/properties": "heap_type 1\nsize_in_bytes 206141652992\n",
        "\(node)/2/mem_banks/1/properties": "heap_type 0\nsize_in_bytes 7\n",
        "/sys/class/drm/renderD128/device/product_name": "AMD Instinct MI300X\n",
        "\(node)/10/gpu_id": "6\n", "\(node)/10/name": "gfx90a\n",
        "\(node)/10/mem_banks/0/properties": "heap_type 2\nsize_in_bytes banana\n",
    ]

    private let amd = [
        Device(
            maker: .amd, identifier: "0", name: "AMD Instinct MI300X",
            memoryBytes: 206_141_652_992, file: "/dev/dri/renderD128"),
        Device(maker: .amd, identifier: "1", name: "gfx90a", memoryBytes: 0),
    ]

    @Test func `AMD's GPUs are those of the kernel's driver, in its order`() throws {
        #expect(try find(files: amdFiles).devices == amd)
    }

    @Test func `NVIDIA's come before AMD's, and AMD's where NVIDIA's cannot be told`() throws {
        let both = try find(
            nvidia: "echo '0, GPU-6a1c2f3e-0b1d, NVIDIA H200, 143771 MiB'", files: amdFiles)
        #expect(both.devices == [one])
        let broken = try find(nvidia: "exit 9", files: amdFiles)
        #expect(broken.devices == amd)
        #expect(broken.problem != nil)
    }

    @Test func `a person chooses among them`() throws {
        let found = try find(files: amdFiles)
        #expect(try found.chosen(.all) == amd)
        #expect(try found.chosen(.only([1])) == [amd[1]])
        #expect(try found.chosen(.only([])) == [])
        let error = #expect(throws: WorkerError.self) { try found.chosen(.only([0, 2])) }
        #expect(
            error?.description == "there is no GPU 2: this host has 2 GPUs, numbered from 0")
    }
}
