import Scheduling
import SwiftProtobuf
import Vocabulary

extension SchemaWorkerPending {
    init(_ worker: WorkerID, name: String, key: String, _ facts: WorkerFacts) {
        self.worker = worker.number
        self.name = name
        self.key = key
        self.facts = SchemaWorkerFacts(facts)
    }

    func decoded() throws(WireError) -> Record {
        .workerPending(
            try Structure.worker(worker), name: name, key: key, try facts.decoded(.disk))
    }
}

extension SchemaWorkerApproved {
    init(_ worker: WorkerID) { self.worker = worker.number }

    func decoded() throws(WireError) -> Record { .workerApproved(try Structure.worker(worker)) }
}

extension SchemaWorkerKeyOffered {
    init(_ worker: WorkerID, key: String) {
        self.worker = worker.number
        self.key = key
    }

    func decoded() throws(WireError) -> Record {
        .workerKeyOffered(try Structure.worker(worker), key: key)
    }
}

extension SchemaWorkerKeyReplaced {
    init(_ worker: WorkerID) { self.worker = worker.number }

    func decoded() throws(WireError) -> Record {
        .workerKeyReplaced(try Structure.worker(worker))
    }
}

extension SchemaTokenCreated {
    init(_ token: TokenID, _ terms: TokenTerms) {
        self.token = token.number
        key = terms.key
        uses = terms.uses
        needsApproval = terms.needsApproval
        lifetimeMilliseconds = UInt64(clamping: terms.lifetime.nanoseconds / 1_000_000)
        expiresMilliseconds = terms.expires
    }

    func decoded() throws(WireError) -> Record {
        .tokenCreated(
            try Structure.token(token),
            TokenTerms(
                key: key, uses: try Structure.positive(uses, "token_created.uses"),
                needsApproval: needsApproval,
                lifetime: .milliseconds(Int64(clamping: lifetimeMilliseconds)),
                expires: expiresMilliseconds))
    }
}

extension SchemaTokenUsed {
    init(_ token: TokenID, _ worker: WorkerID) {
        self.token = token.number
        self.worker = worker.number
    }

    func decoded() throws(WireError) -> Record {
        .tokenUsed(try Structure.token(token), try Structure.worker(worker))
    }
}

extension SchemaTokenEnded {
    init(_ token: TokenID, _ ending: TokenEnding) {
        self.token = token.number
        self.ending =
            switch ending {
            case .revoked: .revoked
            case .expired: .expired
            }
    }

    func decoded() throws(WireError) -> Record {
        let known: TokenEnding? =
            switch ending {
            case .revoked: .revoked
            case .expired: .expired
            case .unspecified, .UNRECOGNIZED: nil
            }
        return .tokenEnded(
            try Structure.token(token), try Structure.present(known, "token_ended.ending"))
    }
}

extension Structure {
    /// A join token's number, refused when it is zero.
    fileprivate static func token(_ number: UInt32) throws(WireError) -> TokenID {
        TokenID(try positive(number, "token"))
    }
}
