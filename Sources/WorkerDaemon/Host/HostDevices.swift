import FoundationEssentials
import Processes
package import Vocabulary

/// The GPUs of this host.
///
/// Of a host with GPUs of both makers, NVIDIA's are offered: what hides the others from a program
/// of one maker hides its own from one of the other.
package struct HostDevices {
    /// The GPUs by position.
    package var devices: [Device]
    /// Why there are none where there could be some; nil when there is nothing to tell.
    package var problem: String?

    /// Looks for GPUs.
    ///
    /// - Parameters:
    ///   - searchPath: The folders in which `nvidia-smi` may be, with colons between them; nil for
    ///     those of this process.
    ///   - root: What stands before `/sys`.
    ///   - limit: How long `nvidia-smi` may take.
    /// - Returns: What was found; a host whose GPUs cannot be told apart has none.
    package static func find(
        searchPath: String? = nil, root: String = "", limit: Duration = .seconds(20)
    ) -> HostDevices {
        let folders =
            searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ProgramSearch.usualPath
        var problem: String?
        if let program = ProgramSearch.paths(of: "nvidia-smi", in: folders).first {
            do throws(HostQuery.Problem) {
                let devices = try NVIDIADevices.ask(program, limit: limit)
                if !devices.isEmpty { return HostDevices(devices: devices) }
            } catch {
                problem = "no NVIDIA GPUs are offered: \(error)"
            }
        }
        return HostDevices(devices: AMDDevices.find(root: root), problem: problem)
    }

    /// The GPUs that a person chose.
    ///
    /// - Throws: `WorkerError` when one of them is not there.
    package func chosen(_ choice: DeviceChoice) throws(WorkerError) -> [Device] {
        guard case .only(let positions) = choice else { return devices }
        guard let missing = positions.first(where: { $0 >= devices.count }) else {
            return positions.map { devices[Int($0)] }
        }
        let count = devices.count == 1 ? "1 GPU" : "\(devices.count) GPUs"
        throw WorkerError(
            "there is no GPU \(missing): this host has \(count), numbered from 0"
                + (problem.map { "; \($0)" } ?? ""))
    }
}

/// NVIDIA's GPUs, as `nvidia-smi` tells them.
enum NVIDIADevices {
    static func ask(_ program: String, limit: Duration) throws(HostQuery.Problem) -> [Device] {
        let query = HostQuery(
            program: program,
            arguments: ["--query-gpu=index,uuid,name,memory.total", "--format=csv,noheader"],
            limit: limit)
        var devices: [Device] = []
        for line in try query.answer().split(separator: "\n") where !line.isBlank {
            guard let device = device(line), devices.count < Limits.devicesPerWorker,
                !devices.contains(where: { $0.identifier == device.identifier })
            else {
                throw HostQuery.Problem(
                    description: "\(program): it says what is no GPU: \(line.prefix(200))")
            }
            devices.append(device)
        }
        return devices
    }

    /// Reads `0, GPU-5a3…, NVIDIA H200, 143771 MiB`; the name may have commas.
    private static func device(_ line: Substring) -> Device? {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        guard fields.count >= 4, UInt32(fields[0]) != nil, Device.isIdentifier(fields[1]) else {
            return nil
        }
        let name = fields[2..<(fields.count - 1)].joined(separator: ", ")
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else { return nil }
        return Device(
            maker: .nvidia, identifier: fields[1], name: name,
            memoryBytes: memory(fields[fields.count - 1]))
    }

    /// Reads `143771 MiB`; some devices share the host's memory and have no number.
    private static func memory(_ text: String) -> UInt64 {
        let words = text.split(separator: " ")
        guard words.count == 2, words[1] == "MiB", let count = UInt64(words[0]),
            count < 1 << 40
        else { return 0 }
        return count << 20
    }
}

/// AMD's GPUs, as the kernel's driver for computing (KFD) tells them.
enum AMDDevices {
    static func find(root: String) -> [Device] {
        let nodes = SystemFile(root + "/sys/class/kfd/kfd/topology/nodes")
        var devices: [Device] = []
        for number in nodes.numbers where devices.count < Limits.devicesPerWorker {
            let node = nodes.entry("\(number)")
            // Processors are nodes too, and have no such number; what this process may not use
            // cannot be read.
            guard let number = node.entry("gpu_id").line, number != "0" else { continue }
            let minor = value("drm_render_minor", in: node.entry("properties"))
            devices.append(
                Device(
                    maker: .amd, identifier: "\(devices.count)",
                    name: name(node, minor: minor, root: root), memoryBytes: memory(node),
                    file: minor.map { "/dev/dri/renderD\($0)" }))
        }
        return devices
    }

    /// The product's name, or that of its architecture.
    private static func name(_ node: SystemFile, minor: UInt64?, root: String) -> String {
        let product = minor.flatMap {
            SystemFile("\(root)/sys/class/drm/renderD\($0)/device/product_name").line
        }
        let names = [product, node.entry("name").line].compactMap(\.self)
        let name = names.first { !$0.isEmpty } ?? "AMD"
        return name.utf8.count <= Limits.nameBytes ? name : "AMD"
    }

    /// The sizes of its own memory: heaps 1 and 2, seen by the host or not.
    private static func memory(_ node: SystemFile) -> UInt64 {
        let banks = node.entry("mem_banks")
        return banks.numbers.reduce(0) { sum, number in
            let properties = banks.entry("\(number)").entry("properties")
            guard let heap = value("heap_type", in: properties), (1...2).contains(heap),
                let size = value("size_in_bytes", in: properties)
            else { return sum }
            return sum.addingReportingOverflow(size).partialValue
        }
    }

    /// A number of a file with lines like `simd_count 304`.
    private static func value(_ name: String, in file: SystemFile) -> UInt64? {
        for line in file.lines {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return UInt64(words[1]) }
        }
        return nil
    }
}

extension Substring {
    fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }

    fileprivate var trimmed: String { String(trimming(\.isWhitespace)) }
}
