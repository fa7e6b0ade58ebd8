import ArgumentParser
import Client
import Foundation
import Logging
import Vocabulary
import Wire
import WorkerDaemon

/// How a worker joins a coordinator that does not know it yet.
struct JoinOptions: ParsableArguments {
    @Option(
        help: "Join token, from picoml coordinator token create; needed at the first start alone.")
    var join: String?

    @Option(
        help: "File with the join token, or - for standard input: `ps` shows arguments to all.",
        completion: .file())
    var joinFile: String?

    @Option(help: "What to call this worker when it joins; by default the host's name.")
    var name: String?

    func validate() throws {
        guard join == nil || joinFile == nil else {
            throw ValidationError("Give --join or --join-file, not both.")
        }
        guard name.map({ (1...Limits.nameBytes).contains($0.utf8.count) }) ?? true else {
            throw ValidationError("--name has 1 to \(Limits.nameBytes) bytes.")
        }
    }

    /// Whether a token was given.
    var isGiven: Bool { join != nil || joinFile != nil }

    /// The token that was given; nil for none.
    private func token() throws -> JoinToken? {
        guard let text = try join ?? joinFile.map(Self.read) else { return nil }
        do throws(JoinToken.Problem) {
            return try JoinToken(text: text.trimmingCharacters(in: .whitespacesAndNewlines))
        } catch {
            throw ClientError(
                .badInput, error.description,
                fix: "Copy all of what `picoml coordinator token create` printed.")
        }
    }

    private static func read(_ path: String) throws -> String {
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput
                : try FileHandle(forReadingFrom: URL(filePath: path))
            let bytes = try handle.read(upToCount: 65_536) ?? Data()
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw ClientError(
                .badInput, "\(path) cannot be read.", fix: "Give --join-file the token's file.")
        }
    }

    /// Enrols the worker of `folder` unless the coordinator of the token knows it already, and
    /// keeps in the folder where that one is.
    ///
    /// - Returns: Whether the worker can start now; false when a signal came.
    func enrol(
        _ folder: String, facts: WorkerFacts, signals: Int32, logger: Logger
    ) throws -> Bool {
        guard let token = try token() else { return true }
        let own = PublishedFiles.ownWorkerFile(folder)
        if FileManager.default.fileExists(atPath: own),
            try PublishedFiles.workerFile(own).serverKey == token.serverKey
        {
            let use = "the token is not used, but for the addresses in it"
            logger.info("this worker has joined that coordinator before: \(use)")
            try Self.keep(token, token.places[0], in: folder)
            return true
        }
        let home = try WorkerFolder(folder)
        let host = ProcessInfo.processInfo.hostName
        let place = try WorkerEnrolment.enrol(
            home, with: token, as: name ?? (host.isEmpty ? "worker" : host), facts: facts,
            signals: signals, logger: logger)
        guard let place else { return false }
        try Self.keep(token, place, in: home.path)
        return true
    }

    /// Keeps all places of the token, for the day on which the coordinator moves to another.
    private static func keep(
        _ token: JoinToken, _ place: JoinToken.Place, in folder: String
    ) throws {
        try PublishedFiles(folder: folder).writeWorkerFile(
            place, others: token.places.filter { $0 != place }, serverKey: token.serverKey)
    }
}
