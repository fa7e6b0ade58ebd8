import API
import Storage
import Vocabulary

extension WorkerDocument {
    /// A worker with what it runs.
    init(_ row: WorkerRow) {
        let left = row.state == .joined ? row.facts?.timeLeft : nil
        self.init(
            id: row.id, name: row.name, state: State(row.state), facts: row.facts,
            authorized: Timestamp(milliseconds: row.authorized),
            joined: row.joined.map(Timestamp.init(milliseconds:)), running: row.held,
            exclusion: row.exclusion, token: row.token, cpusHeld: row.cpusHeld,
            leaves: left.flatMap { left in
                row.joined.map {
                    Timestamp(milliseconds: $0 + Int64(left.inSeconds * 1000))
                }
            })
    }
}

extension WorkerDocument.State {
    fileprivate init(_ state: WorkerRow.State) {
        self =
            switch state {
            case .pending: .pending
            case .authorized, .lost, .left: .away
            case .joined: .connected
            case .revoked: .revoked
            }
    }
}
