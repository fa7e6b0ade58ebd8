import Client
import Foundation
import Hashing
import Logging
import Wire

/// The files by which clients and workers of this host find the coordinator.
struct PublishedFiles: Sendable {
    let folder: String

    /// What a worker needs to know of its coordinator.
    struct WorkerFile: Codable, Sendable {
        var control: String
        var artifacts: String
        var serverKey: String
        /// Where else it may be; nil for nowhere.
        var others: [JoinToken.Place]?

        enum CodingKeys: String, CodingKey {
            case control, artifacts, others
            case serverKey = "server_key"
        }

        /// Where the coordinator may be, in the order in which to try.
        var places: [JoinToken.Place] {
            [JoinToken.Place(control: control, artifacts: artifacts)] + (others ?? [])
        }
    }

    /// The token that people and tools show: made at the first start, readable by the owner.
    func token() throws -> String {
        let path = folder + "/token"
        if let bytes = FileManager.default.contents(atPath: path) {
            return String(decoding: bytes, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let token = RandomBytes.token()
        try write(Data((token + "\n").utf8), to: path)
        return token
    }

    func writeWorkerFile(control: String, artifacts: String, serverKey: String) throws {
        try write(WorkerFile(control: control, artifacts: artifacts, serverKey: serverKey))
    }

    /// Keeps where the coordinator with `serverKey` may be: at `place`, or at one of `others`.
    func writeWorkerFile(
        _ place: JoinToken.Place, others: [JoinToken.Place], serverKey: String
    ) throws {
        try write(
            WorkerFile(
                control: place.control, artifacts: place.artifacts, serverKey: serverKey,
                others: others.isEmpty ? nil : others))
    }

    private func write(_ file: WorkerFile) throws {
        try write(try encoded(file), to: folder + "/worker.json")
    }

    /// Where a worker with the state folder `folder` keeps what it joined by.
    static func ownWorkerFile(_ folder: String) -> String { folder + "/worker.json" }

    /// Says where the gateway answers; without the file clients need `--address`.
    func writeAddress(_ address: String, logger: Logger) {
        do {
            try write(try encoded(["address": address]), to: folder + "/http.json")
        } catch {
            logger.warning("\(error)")
        }
    }

    /// Reads what a coordinator wrote for workers.
    static func workerFile(_ path: String) throws -> WorkerFile {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ClientError(
                .badInput, "There is no \(path), which a coordinator writes when it starts.",
                fix: "Join with a token: `picoml worker --join TOKEN`; or start `picoml "
                    + "coordinator` first, or name its worker.json with --coordinator.")
        }
        do {
            return try JSONDecoder().decode(WorkerFile.self, from: bytes)
        } catch {
            throw ClientError(
                .badInput, "\(path) is not what a coordinator writes.",
                fix: "Copy the coordinator's worker.json again.")
        }
    }

    private func encoded(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    private func write(_ bytes: Data, to path: String) throws {
        let temporary = path + ".new"
        // A left-over of a crash would keep its permissions.
        try? FileManager.default.removeItem(atPath: temporary)
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: bytes, attributes: [.posixPermissions: 0o600]),
            unsafe rename(temporary, path) == 0
        else {
            throw ClientError(
                .failed, "\(path) cannot be written.", fix: "Look at the folder's permissions.")
        }
    }
}
