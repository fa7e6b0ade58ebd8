import SwiftProtobuf
import Vocabulary

extension SchemaEnrolment {
    init(_ enrolment: Enrolment) {
        key = enrolment.key
        name = enrolment.name
        facts = SchemaWorkerFacts(enrolment.facts)
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Enrolment {
        try scrutiny.require(!name.isEmpty, "enrolment.name", "is empty")
        return Enrolment(
            key: try scrutiny.key(key, "enrolment.key"),
            name: try scrutiny.name(name, "enrolment.name"),
            facts: try facts.decoded(scrutiny))
    }
}

extension SchemaRotation {
    init(key: String) { self.key = key }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> String {
        try scrutiny.key(key, "rotation.key")
    }
}

extension SchemaEnrolled {
    init(_ worker: WorkerID, isPending: Bool) {
        self.worker = worker.number
        self.isPending = isPending
    }

    func decoded() throws(WireError) -> CoordinatorMessage {
        .enrolled(try Structure.worker(worker), isPending: isPending)
    }
}

extension Scrutiny {
    /// Refuses what is no CURVE public key.
    fileprivate func key(_ text: String, _ field: StaticString) throws(WireError) -> String {
        try require(CurveKeyForm.matches(text), field, "is not 40 characters of Z85")
        return text
    }
}
