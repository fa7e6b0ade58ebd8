import API
import Storage
import Vocabulary

extension WorkerDocument {
    /// A worker with what it runs.
    init(_ row: WorkerRow) {
        self.init(
            id: row.id, name: row.name, state: State(row.state), facts: row.facts,
            authorized: Timestamp(milliseconds: row.authorized),
            joined: row.joined.map(Timestamp.init(milliseconds:)), running: row.held,
            exclusion: row.exclusion, token: row.token)
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
