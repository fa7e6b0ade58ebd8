import Scheduling
import SwiftProtobuf
import Vocabulary

extension SchemaWorkerAuthorized {
    init(_ worker: WorkerID, name: String, key: String) {
        self.worker = worker.number
        self.name = name
        self.key = key
    }

    func decoded() throws(WireError) -> Record {
        .workerAuthorized(try Structure.worker(worker), name: name, key: key)
    }
}

extension SchemaWorkerRevoked {
    init(_ worker: WorkerID) { self.worker = worker.number }

    func decoded() throws(WireError) -> Record { .workerRevoked(try Structure.worker(worker)) }
}

extension SchemaWorkerJoined {
    init(_ worker: WorkerID, _ facts: WorkerFacts) {
        self.worker = worker.number
        self.facts = SchemaWorkerFacts(facts)
    }

    func decoded() throws(WireError) -> Record {
        .workerJoined(try Structure.worker(worker), try facts.decoded(.disk))
    }
}

extension SchemaWorkerLeft {
    init(_ worker: WorkerID, _ departure: Departure) {
        self.worker = worker.number
        self.departure = departure.schema
    }

    func decoded() throws(WireError) -> Record {
        .workerLeft(
            try Structure.worker(worker),
            try Structure.present(Departure(departure), "worker_left.departure"))
    }
}

extension SchemaWorkerExcluded {
    init(_ worker: WorkerID, _ span: Duration, _ reason: String) {
        self.worker = worker.number
        milliseconds = UInt64(clamping: span.nanoseconds / 1_000_000)
        self.reason = reason
    }

    func decoded() throws(WireError) -> Record {
        .workerExcluded(
            try Structure.worker(worker), for: .milliseconds(Int64(clamping: milliseconds)),
            reason: reason)
    }
}

extension SchemaWorkerReadmitted {
    init(_ worker: WorkerID) { self.worker = worker.number }

    func decoded() throws(WireError) -> Record {
        .workerReadmitted(try Structure.worker(worker))
    }
}

extension Structure {
    /// A worker's number, refused when it is zero.
    static func worker(_ number: UInt32) throws(WireError) -> WorkerID {
        WorkerID(try positive(number, "worker"))
    }

    /// A sweep's number, refused when it is zero.
    static func sweep(_ number: UInt32) throws(WireError) -> SweepID {
        SweepID(try positive(number, "sweep"))
    }
}
