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
        try make(directory)
        try make(temporaryPath(in: directory))
        if request.lease.trainer.isProgram { try make(request.checkpointPath) }
        if let requestPath { try write(request, to: requestPath) }
        close(try Spawn.openLog(directory + "/" + TrialChild.logName))
        guard let user else { return }
        try openInputs(of: request)
        try user.own(directory)
    }

    /// Lets the trial's user read its inputs, which lie in the worker's cache.
    static func openInputs(of request: TrialRequest) throws(WorkerError) {
        let inputs = [request.searchPath, request.gatePath].compactMap(\.self)
        for path in inputs + request.modelPaths.values.sorted() {
            guard unsafe chmod(path, 0o644) == 0 else { throw .system("open to trials", path) }
        }
    }

    /// Makes a folder for its owner alone, unless it is there: a checkpoint or the log of how its
    /// environment was made may have come before.
    private static func make(_ folder: String) throws(WorkerError) {
        guard unsafe mkdir(folder, 0o700) != 0 else { return }
        guard errno == EEXIST else { throw .system("make", folder) }
        var facts = stat()
        guard unsafe lstat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw WorkerError("cannot make \(folder): it is no folder")
        }
    }

    /// Where a trial's temporary files go, which end with it.
    static func temporaryPath(in directory: String) -> String {
        "\(directory)/\(temporaryName)"
    }

    /// The folder for temporary files within that of the trial.
    static let temporaryName = "tmp"
    /// The folder for what a checkpoint held within that of the trial.
    static let checkpointName = "checkpoint"

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
