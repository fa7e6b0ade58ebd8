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

    /// All join tokens, without their secrets.
    package func tokens() async throws(ClientError) -> TokenPage { try await get(.tokens) }

    /// Makes a join token of a key pair whose secret half stays here.
    package func createToken(_ request: TokenRequest) async throws(ClientError) -> TokenCreated {
        try await post(.tokens, request)
    }

    /// Ends a join token.
    package func revoke(_ token: TokenID) async throws(ClientError) {
        let _: ChangeDone = try await post(.revokeToken(token), nil as String?)
    }

    /// Drains, revokes or approves a worker.
    package func change(_ worker: WorkerID, _ action: WorkerAction) async throws(ClientError) {
        let _: ChangeDone = try await post(.changeWorker(worker, action), nil as String?)
    }
}
