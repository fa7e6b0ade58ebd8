import SwiftProtobuf
import Vocabulary

extension SchemaWorkerFacts {
    init(_ facts: WorkerFacts) {
        host = facts.host
        process = facts.process
        cpus = facts.cpus
        memoryBytes = facts.memoryBytes
        software = facts.software
        architecture = facts.architecture
        distribution = facts.distribution
        labels = facts.labels.schema
        devices = facts.devices.map { SchemaDevice($0) }
        if let left = facts.timeLeft {
            millisecondsLeft = UInt64(clamping: left.nanoseconds / 1_000_000)
        }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> WorkerFacts {
        WorkerFacts(
            host: try scrutiny.name(host, "facts.host"), process: process,
            cpus: try scrutiny.number(cpus, in: 1...Limits.cpusPerWorker, "facts.cpus"),
            memoryBytes: memoryBytes,
            software: try scrutiny.name(software, "facts.software"),
            architecture: try scrutiny.name(architecture, "facts.architecture"),
            distribution: try scrutiny.name(distribution, "facts.distribution"),
            labels: try SchemaLabel.labels(labels, scrutiny, "facts.labels"),
            devices: try SchemaDevice.offered(devices, scrutiny),
            timeLeft: hasMillisecondsLeft
                ? .milliseconds(
                    Int64(
                        clamping: try scrutiny.number(
                            millisecondsLeft, in: Self.times, "facts.milliseconds_left")))
                : nil)
    }

    /// Milliseconds that are a length of time: ten years at most.
    private static let times: ClosedRange<UInt64> = 0...(3650 * 86_400_000)
}

extension Labels {
    var schema: [SchemaLabel] {
        all.map { label in
            var schema = SchemaLabel()
            schema.name = label.name
            schema.value = label.value
            return schema
        }
    }
}

extension SchemaLabel {
    /// The labels of one worker or of one experiment.
    static func labels(
        _ labels: [SchemaLabel], _ scrutiny: Scrutiny, _ field: StaticString
    ) throws(WireError) -> Labels {
        try scrutiny.count(labels.count, atMost: Limits.labels, field)
        try scrutiny.require(
            labels.allSatisfy { Label.isWord($0.name) && Label.isWord($0.value) }, field,
            "has a name or a value that is none")
        return Labels(labels.map { Label($0.name, $0.value) })
    }
}

extension SchemaDevice {
    init(_ device: Device) {
        maker = device.maker.schema
        identifier = device.identifier
        name = device.name
        memoryBytes = device.memoryBytes
    }

    /// The GPUs of one worker.
    ///
    /// Leases name them by position: those from the first on whose maker only newer versions know
    /// are left out, and the worker is of use for the rest.
    static func offered(
        _ devices: [SchemaDevice], _ scrutiny: Scrutiny
    ) throws(WireError) -> [Device] {
        try scrutiny.count(devices.count, atMost: Limits.devicesPerWorker, "facts.devices")
        let known = devices.prefix { device in
            if case .UNRECOGNIZED = device.maker { false } else { true }
        }
        return try Structure.list(Array(known)) { device throws(WireError) in
            try scrutiny.require(
                Device.isIdentifier(device.identifier), "device.identifier", "is none")
            return Device(
                maker: try Structure.present(Device.Maker(device.maker), "device.maker"),
                identifier: device.identifier,
                name: try scrutiny.name(device.name, "device.name"),
                memoryBytes: device.memoryBytes)
        }
    }
}

extension Structure {
    /// An amount of GPUs.
    static func devices(
        _ thousandths: UInt32, _ field: StaticString
    ) throws(WireError) -> DeviceAmount {
        guard let amount = DeviceAmount(thousandths: thousandths) else {
            throw .invalid(
                field: "\(field)", problem: "is neither a share of a GPU nor some whole ones")
        }
        return amount
    }
}
