import GRDB
import Registry
import Scheduling
import Vocabulary

extension Projection {
    func applyWorker(_ record: Record) throws {
        switch record {
        case .workerAuthorized(let worker, let name, let key):
            try run(
                "INSERT INTO workers (id, name, key, state, authorized) VALUES (?, ?, ?, ?, ?)",
                Int64(worker.number), name, key, WorkerRow.State.authorized.rawValue, time)
            try audit("authorize worker", worker.description, reason: name)
        case .workerRevoked(let worker):
            try run(
                "UPDATE workers SET revoked = ?, state = ? WHERE id = ?", time,
                WorkerRow.State.revoked.rawValue, Int64(worker.number))
            try audit("revoke worker", worker.description)
        case .workerJoined(let worker, let facts):
            try run(
                """
                UPDATE workers SET state = ?, joined = ?, departed = NULL, host = ?, process = ?,
                    cpus = ?, memory_bytes = ?, software = ?, facts = ?
                WHERE id = ?
                """,
                WorkerRow.State.joined.rawValue, time, facts.host, Int64(facts.process),
                Int64(facts.cpus), Int64(clamping: facts.memoryBytes), facts.software,
                try JSONText.encode(facts), Int64(worker.number))
        case .workerLeft(let worker, let departure):
            try run(
                "UPDATE workers SET state = ?, departed = ? WHERE id = ?",
                WorkerRow.State(departure).rawValue, time, Int64(worker.number))
        case .workerExcluded(let worker, _, let reason):
            try run(
                "UPDATE workers SET exclusion = ? WHERE id = ?", reason, Int64(worker.number))
            try audit("exclude worker", worker.description, reason: reason)
        case .workerReadmitted(let worker):
            try run("UPDATE workers SET exclusion = NULL WHERE id = ?", Int64(worker.number))
            try audit("readmit worker", worker.description)
        default: break
        }
    }

    func register(_ version: ModelVersion) throws {
        try run(
            """
            INSERT INTO versions (model, number, time, sweep, trial, artifacts, lineage)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            version.model, Int64(version.number), time, Int64(version.lineage.sweep.number),
            version.lineage.trial.row, try JSONText.encode(version.artifacts),
            try JSONText.encode(version.lineage))
    }

    func add(_ move: AliasMove) throws {
        try run(
            """
            INSERT INTO alias_moves (time, model, alias, old_version, new_version, decision, actor,
                reason, is_rollback)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            time, move.model, move.alias, move.from.map(Int64.init), Int64(move.to),
            move.decision, move.actor, move.reason, move.isRollback)
        guard move.actor.hasPrefix("person:") else { return }
        try audit(
            move.isRollback ? "roll back" : "promote", "\(move.model)@\(move.alias) v\(move.to)",
            actor: move.actor, reason: move.reason)
    }
}
