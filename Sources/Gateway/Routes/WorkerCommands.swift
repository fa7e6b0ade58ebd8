import API
import HTTPTypes
import Hummingbird
import Scheduling
import Vocabulary

extension Routes {
    /// POST workers: lets a key in.
    func authorize(_ request: Request) async throws(Problem) -> Response {
        let wanted = try await request.json(WorkerAuthorization.self, limit: bodyBytes)
        guard !wanted.name.isEmpty, wanted.name.utf8.count <= Limits.nameBytes else {
            throw Problem(
                .invalid, "The worker's name has no or more than \(Limits.nameBytes) bytes.")
        }
        guard CurveKeyForm.matches(wanted.key) else {
            throw Problem(
                .invalid, "The key is not a CURVE public key.",
                fix: "Send the 40 characters that \"picoml worker\" shows when it starts.")
        }
        let command = Command.authorize(name: wanted.name, key: wanted.key)
        let worker = try await perform(command) { answer in
            if case .worker(let worker) = answer { worker } else { nil as WorkerID? }
        }
        return try .json(WorkerAuthorized(worker: worker), status: .created)
    }

    private func approve(_ worker: WorkerID) async throws(Problem) -> Response {
        try await perform(.approve(worker)) { answer in
            if case .worker = answer { () } else { nil as Void? }
        }
        return try .json(ChangeDone())
    }

    /// POST workers/ID/ACTION.
    func change(
        _ worker: WorkerID, _ action: WorkerAction, _ request: Request
    ) async throws(Problem) -> Response {
        try await request.jsonBytes(limit: bodyBytes)
        return switch action {
        case .drain: try await done(.drain(worker))
        case .revoke: try await done(.revoke(worker))
        case .approve: try await approve(worker)
        }
    }
}
