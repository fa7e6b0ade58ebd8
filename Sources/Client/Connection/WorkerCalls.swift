package import API
package import Vocabulary

extension CoordinatorClient {
    /// All workers.
    package func workers() async throws(ClientError) -> WorkerPage { try await get(.workers) }

    /// Lets a worker's public key in.
    package func authorize(
        name: String, key: String
    ) async throws(ClientError) -> WorkerAuthorized {
        try await post(.workers, WorkerAuthorization(name: name, key: key))
    }

    /// Drains or revokes a worker.
    package func change(_ worker: WorkerID, _ action: WorkerAction) async throws(ClientError) {
        let _: ChangeDone = try await post(.changeWorker(worker, action), nil as String?)
    }
}
