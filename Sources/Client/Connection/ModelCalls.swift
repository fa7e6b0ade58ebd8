package import API
package import Vocabulary

extension CoordinatorClient {
    /// All registered models.
    package func models() async throws(ClientError) -> ModelPage { try await get(.models) }

    /// A model with its versions and history.
    package func model(_ name: String) async throws(ClientError) -> ModelDocument {
        try await get(.model(name))
    }

    /// One version of a model.
    package func version(
        _ number: UInt32, of model: String
    ) async throws(ClientError) -> VersionDocument {
        try await get(.version(model: model, number: number))
    }

    /// Makes a version the champion.
    package func promote(
        _ model: String, _ request: PromotionRequest
    ) async throws(ClientError) -> ChampionChanged {
        try await post(.promote(model: model), request)
    }

    /// Makes the previous champion the champion again.
    package func rollBack(
        _ model: String, _ request: RollbackRequest
    ) async throws(ClientError) -> ChampionChanged {
        try await post(.rollback(model: model), request)
    }

    /// Whether the coordinator has the bytes with `digest`.
    package func hasArtifact(_ digest: Digest) async throws(ClientError) -> Bool {
        try await exists(.artifact(digest))
    }

    /// Stores bytes under their digest; the coordinator verifies it.
    package func store(_ bytes: [UInt8], as digest: Digest) async throws(ClientError) {
        let path = APIPath.artifact(digest)
        let answer = try await raw(path, method: "PUT", body: bytes)
        let stored: ArtifactStored = try decoded(answer, from: path)
        guard stored.digest == digest, stored.byteCount == bytes.count else {
            throw ClientError(
                .failed, "The coordinator stored other bytes than were sent.",
                fix: "Try again; if it stays so, check the network and the coordinator's log.")
        }
    }

    /// Some of the bytes with `digest`, not verified yet.
    package func part(
        _ range: Range<UInt64>, of digest: Digest
    ) async throws(ClientError) -> [UInt8] {
        try await raw(.artifact(digest), range: range)
    }

    /// The bytes with `digest`, not verified yet.
    package func artifact(_ digest: Digest) async throws(ClientError) -> [UInt8] {
        try await raw(.artifact(digest))
    }
}
