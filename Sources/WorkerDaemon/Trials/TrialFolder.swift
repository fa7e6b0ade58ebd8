import FoundationEssentials
import Glibc
import Processes
import Vocabulary

/// The folder that a trial works in.
enum TrialFolder {
    /// Makes the folder, with one for temporary files, and for programs one for checkpoints if none
    /// was brought there; writes the file that tells a process what to do to `requestPath`.
    ///
    /// With a `user`, the folder belongs to it and the trial's inputs can be read by it.
    static func prepare(
        _ request: TrialRequest, requestPath: String? = nil, for user: SystemUser?
    ) throws(WorkerError) {
        let directory = request.directory
        for folder in [temporaryPath(in: directory)]
            + (request.lease.trainer.isProgram ? [request.checkpointPath] : [])
        {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                throw WorkerError("cannot make \(folder): \(error)")
            }
        }
        if let requestPath { try write(request, to: requestPath) }
        close(try Spawn.openLog(directory + "/" + TrialChild.logName))
        guard let user else { return }
        let inputs = [request.searchPath, request.gatePath].compactMap(\.self)
        for path in inputs + request.modelPaths.values.sorted() {
            guard unsafe chmod(path, 0o644) == 0 else { throw .system("open to trials", path) }
        }
        try user.own(directory)
    }

    /// Where a trial's temporary files go, which end with it.
    static func temporaryPath(in directory: String) -> String { directory + "/tmp" }

    private static func write(_ request: TrialRequest, to path: String) throws(WorkerError) {
        do {
            let encoder = JSONEncoder()
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
            let bytes = try encoder.encode(RequestFile(request: request))
            // The folder may be the trial's own already, when a module could not be forked: no
            // link that it put there is followed.
            unsafe unlink(path)
            let file = unsafe open(
                path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw WorkerError.system("make", path) }
            defer { close(file) }
            let text = [UInt8](bytes)
            guard unsafe Glibc.write(file, text, text.count) == text.count else {
                throw WorkerError.system("write", path)
            }
        } catch {
            throw WorkerError("cannot write \(path): \(error)")
        }
    }
}

/// A request with what programs in any language read of it under `plain`.
private struct RequestFile: Encodable {
    let request: TrialRequest

    private enum Key: String, CodingKey { case plain }

    func encode(to encoder: any Encoder) throws {
        try request.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(request.description, forKey: .plain)
    }
}
