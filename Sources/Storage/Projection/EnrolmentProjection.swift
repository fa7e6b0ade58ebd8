import GRDB
import Scheduling
import Vocabulary

extension Projection {
    func applyEnrolment(_ record: Record) throws {
        switch record {
        case .workerPending(let worker, let name, let key, let facts):
            try run(
                """
                INSERT INTO workers (id, name, key, state, authorized, host, process, cpus,
                    memory_bytes, software, facts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                Int64(worker.number), name, key, WorkerRow.State.pending.rawValue, time,
                facts.host, Int64(facts.process), Int64(facts.cpus),
                Int64(clamping: facts.memoryBytes), facts.software,
                try JSONText.encode(facts))
            try audit("enrol worker", worker.description, reason: name)
        case .workerApproved(let worker):
            try run(
                "UPDATE workers SET state = ?, authorized = ? WHERE id = ?",
                WorkerRow.State.authorized.rawValue, time, Int64(worker.number))
            try audit("approve worker", worker.description)
        case .workerKeyOffered(let worker, let key):
            try run("UPDATE workers SET next_key = ? WHERE id = ?", key, Int64(worker.number))
            try audit("offer worker key", worker.description, reason: key)
        case .workerKeyReplaced(let worker):
            try run(
                "UPDATE workers SET key = next_key, next_key = NULL WHERE id = ?",
                Int64(worker.number))
            try audit("replace worker key", worker.description)
        case .tokenCreated(let token, let terms): try create(token, terms)
        case .tokenUsed(let token, let worker):
            try run(
                "UPDATE workers SET token = ? WHERE id = ?", Int64(token.number),
                Int64(worker.number))
            try audit("use join token", token.description, reason: "worker \(worker)")
        case .tokenEnded(let token, let ending):
            try run(
                "UPDATE tokens SET ended = ?, ending = ? WHERE id = ?", time, ending.rawValue,
                Int64(token.number))
            try audit("end join token", token.description, reason: ending.rawValue)
        default: break
        }
    }

    private func create(_ token: TokenID, _ terms: TokenTerms) throws {
        try run(
            """
            INSERT INTO tokens (id, key, uses, needs_approval, created, expires)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            Int64(token.number), terms.key, Int64(terms.uses), terms.needsApproval, time,
            terms.expires)
        let approval = terms.needsApproval ? ", each to be approved" : ""
        try audit(
            "create join token", token.description, reason: "\(terms.uses) uses\(approval)")
    }
}
