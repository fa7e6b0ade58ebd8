import API
import NIOPosix
import Storage

extension Routes {
    /// Runs what waits for the disk on a thread made for waiting.
    func onDisk<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await NIOThreadPool.singleton.runIfActive { try body() }
        } catch {
            throw Self.problem(error)
        }
    }

    /// Runs a query of the catalogue.
    func read<Value>(_ body: () async throws -> Value) async throws(Problem) -> Value {
        do {
            return try await body()
        } catch {
            throw Self.problem(error)
        }
    }

    /// What an error of the storage means to the person who asked.
    static func problem(_ error: any Error) -> Problem {
        guard let error = error as? StorageError else {
            return Problem(
                .unavailable, "The coordinator cannot read its state now: \(error).",
                fix: "Try again.")
        }
        let sentence = error.description
        return switch error {
        case .unknownArtifact: Problem(.notFound, sentence)
        case .artifactTooLarge: Problem(.tooLarge, sentence)
        case .wrongHash, .wrongLength: Problem(.invalid, sentence)
        case .noUpload: Problem(.conflict, sentence, fix: "Send the artifact again.")
        case .diskFull: Problem(.diskFull, sentence)
        default:
            Problem(
                .fault, sentence, fix: "Look at the coordinator's log and at \"picoml doctor\".")
        }
    }
}
