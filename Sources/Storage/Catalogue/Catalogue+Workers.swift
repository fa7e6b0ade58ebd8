import GRDB
import Scheduling
package import Vocabulary

/// A worker with what it runs.
package struct WorkerRow: Hashable, Sendable {
    /// Where a worker stands.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// It enrolled with a join token and waits for a person's approval.
        case pending
        /// Its key is let in, but it has never said hello.
        case authorized
        /// It is connected.
        case joined
        /// It went silent.
        case lost
        /// It said goodbye.
        case left
        /// Its key is no longer let in.
        case revoked

        init(_ departure: Departure) {
            switch departure {
            case .lost: self = .lost
            case .left: self = .left
            case .revoked: self = .revoked
            }
        }
    }

    /// Its number.
    package var id: WorkerID
    /// The name that the person gave who let it in.
    package var name: String
    /// The CURVE public key, 40 characters of Z85.
    package var key: String
    /// Where it stands.
    package var state: State
    /// When its key was let in, in milliseconds since 1970; when it enrolled while it is pending.
    package var authorized: Int64
    /// The join token that it enrolled with; nil when a person let its key in.
    package var token: TokenID?
    /// When its key was revoked, in milliseconds since 1970; nil when it was not.
    package var revoked: Int64?
    /// When it last said hello, in milliseconds since 1970; nil when it never did.
    package var joined: Int64?
    /// When its last connection ended, in milliseconds since 1970; nil while it is connected.
    package var departed: Int64?
    /// What it last said of itself; nil when it never said anything.
    package var facts: WorkerFacts?
    /// Why it gets no trials at the moment; nil when it does.
    package var exclusion: String?
    /// The executions that it holds, in ascending order.
    package var held: [AttemptID]
    /// CPUs of all that it holds, of what waits for others to end too.
    package var cpusHeld: UInt32

    init(row: Row, held: [AttemptID], cpusHeld: UInt32) throws {
        guard let state = State(rawValue: row["state"]) else {
            throw UnreadableRow(table: "workers", row: row["id"])
        }
        id = WorkerID(row["id"])
        name = row["name"]
        key = row["key"]
        self.state = state
        authorized = row["authorized"]
        token = (row["token"] as UInt32?).map(TokenID.init)
        revoked = row["revoked"]
        joined = row["joined"]
        departed = row["departed"]
        exclusion = row["exclusion"]
        if let text = row["facts"] as String? {
            facts = try JSONText.decode(WorkerFacts.self, text)
        } else if let host = row["host"] as String? {
            facts = WorkerFacts(
                host: host, process: row["process"], cpus: row["cpus"],
                memoryBytes: row["memory_bytes"], software: row["software"])
        }
        self.held = held
        self.cpusHeld = cpusHeld
    }
}

extension Catalogue {
    private static let openAttempts = """
        SELECT attempts.worker, attempts.trial, attempts.number,
            json_extract(
                sweeps.spec, '$.experiments[' || trials.experiment || '].resources.cpus') AS cpus
        FROM attempts
        JOIN trials ON trials.id = attempts.trial
        JOIN sweeps ON sweeps.id = trials.sweep
        WHERE attempts.ended IS NULL
        ORDER BY attempts.trial, attempts.number
        """

    /// Every worker whose key was ever let in, with what it runs.
    package func workers() async throws(StorageError) -> [WorkerRow] {
        try await read { database in
            var held: [Int64: [AttemptID]] = [:]
            var cpus: [Int64: UInt32] = [:]
            let attempts = try Row.fetchCursor(database, sql: Self.openAttempts)
            while let row = try attempts.next() {
                held[row["worker"], default: []].append(
                    AttemptID(trial: TrialID(row: row["trial"]), number: row["number"]))
                cpus[row["worker"], default: 0] += row["cpus"] ?? 1
            }
            return try Row.fetchAll(database, sql: "SELECT * FROM workers ORDER BY id").map {
                try WorkerRow(
                    row: $0, held: held[$0["id"]] ?? [], cpusHeld: cpus[$0["id"]] ?? 0)
            }
        }
    }
}
