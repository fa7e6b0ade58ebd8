import Bundles
import FoundationEssentials
import Glibc
import Hashing
import Processes
import Vocabulary
import ZeroMQ
import python

/// The layout of a worker's folder.
package struct WorkerFolder: Sendable {
    /// The folder's path.
    package let path: String
    /// Where interpreters find the Python package `picoml`.
    private let packagePath: String

    /// The folder at `path`, made for its owner alone when it is missing.
    package init(_ path: String) throws(WorkerError) {
        // Trials run in folders of their own and need paths that hold there as well.
        let full =
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = full
        for name in ["", "/cache", "/data", "/trials"] {
            let folder = full + name
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            } catch {
                throw WorkerError("cannot make the folder \(folder): \(error)")
            }
        }
        packagePath = try PackageFolder.place(in: full)
    }

    /// The file with results that the coordinator with this key has not acknowledged yet.
    ///
    /// Another coordinator numbers its trials from 1 as well and must not get them.
    func spoolPath(for serverKey: CurveKey) -> String {
        "\(path)/spool-\(Digest.of(serverKey.text).description.prefix(16))"
    }
    /// The file that tells where the control groups of the worker's trials are.
    var groupNotePath: String { path + "/groups" }
    /// The file whose lock the one worker of this folder holds.
    var lockPath: String { path + "/lock" }

    /// Where the artifact `digest` is kept once it is here and checked.
    func cachePath(of digest: Digest) -> String { "\(path)/cache/\(digest)" }

    /// Where the data set whose manifest is `digest` lies.
    func shelf(of digest: Digest) -> DataShelf { DataShelf(path: "\(path)/data/\(digest)") }

    /// The manifests of data sets that are whole here, the one used last at the end.
    func completeDataSets() -> [Digest] {
        let names = entries(of: path + "/data").compactMap { $0.split(separator: "/").last }
        return names.compactMap { Digest(text: $0) }.filter { shelf(of: $0).isComplete }
            .sorted { shelf(of: $0).lastUse < shelf(of: $1).lastUse }
    }

    /// Where the code whose archive is `digest` lies unpacked.
    func codePath(of digest: Digest) -> String { "\(path)/cache/\(digest).code" }

    /// The file for what warm Python processes print outside of trials.
    var warmLogPath: String { "\(path)/\(Self.warmLogName)" }
    /// Its name.
    static let warmLogName = "python.log"

    /// What all containers of this worker are labelled with.
    var containerLabel: String { "picoml.worker=\(Digest.of(path).description.prefix(16))" }

    /// The container that an execution runs in; nil for none, or when this host has no engine,
    /// which was found out before the lease was ready.
    private func container(for lease: Lease) -> TrialContainer? {
        guard case .image(let image) = lease.program?.environment,
            let engine = ContainerEngine.find()
        else { return nil }
        let worker = Digest.of(path).description.prefix(8)
        return TrialContainer(
            engine: engine.path,
            name: "picoml-\(worker)-\(lease.attempt.trial)-\(lease.attempt.number)",
            label: containerLabel, image: image)
    }

    /// The folder of an execution.
    func trialPath(of attempt: AttemptID) -> String {
        "\(path)/trials/\(attempt.trial)-\(attempt.number)"
    }

    /// Lets trials that run as `user` reach their folders and inputs, but not look around.
    ///
    /// - Throws: `WorkerError` that names a folder above that `user` cannot enter.
    func handOver(to user: SystemUser) throws(WorkerError) {
        try user.checkReach(of: path)
        let package = packagePath + "/" + PythonPackage.name
        let readable = [packagePath, package].map { ($0, 0o755 as mode_t) }
        let passable = [path, path + "/cache", path + "/data", path + "/trials"].map {
            ($0, 0o711 as mode_t)
        }
        let files = entries(of: package).map { ($0, 0o644 as mode_t) }
        for (place, mode) in readable + passable + files {
            guard unsafe chmod(place, mode) == 0 else { throw .system("open to trials", place) }
        }
    }

    /// Keeps a second worker out of the folder for as long as this process lives.
    func lock() throws(WorkerError) {
        guard let lock = try FileLock(lockPath) else {
            throw WorkerError(
                "another worker uses \(path): stop it, or give this one a folder with --state")
        }
        lock.keep()
    }

    /// Removes what trials of an earlier process left, but for those whose results wait, and what
    /// it had not finished to unpack.
    func clearTrials(keeping attempts: [AttemptID]) {
        let kept = Set(attempts.map { TrialFile.keptFolder(of: trialPath(of: $0)) })
        for entry in entries(of: path + "/trials") where !kept.contains(entry) {
            Self.remove(entry)
        }
        for entry in entries(of: path + "/cache") {
            let name = entry.dropFirst(path.utf8.count + "/cache/".utf8.count)
            if name.hasPrefix(Unpacking.temporaryPrefix) { Self.remove(entry) }
        }
    }

    private func entries(of folder: String) -> [String] {
        // A folder that cannot be read has nothing to clear.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.map { "\(folder)/\($0)" }
    }

    private static func remove(_ folder: String) {
        // Left-overs only take space; a later start tries again.
        try? FolderRemoval.remove(folder)
    }

    /// Removes the folder of an execution, or hands it over to `spares` when nothing is in it.
    func removeTrial(_ attempt: AttemptID, _ spares: SpareFolders?) {
        let directory = trialPath(of: attempt)
        if spares?.offer(directory) != true { Self.remove(directory) }
        Self.remove(TrialFile.keptFolder(of: directory))
    }

    /// What the trial process of `lease` is told; its inputs lie in the cache.
    ///
    /// The environment that it asks for is one of `environments`.
    func request(for lease: Lease, in environments: EnvironmentFolder) -> TrialRequest {
        var searchPath: String?
        var gatePath: String?
        if let data = lease.data {
            if case .score = lease.task {} else { searchPath = cachePath(of: data.search) }
            if lease.task != .search { gatePath = data.gate.map(cachePath) }
        }
        // That it cannot be read was found out before the lease was ready, too.
        let dataPath = lease.dataSet.flatMap {
            $0.location ?? (try? shelf(of: $0.digest).trialPath())
        }
        let models = lease.model.map { ($0.name, cachePath(of: $0.digest)) }
        // That it cannot be read was found out before the lease was ready.
        let environment = lease.code.flatMap {
            try? environments.environment(for: lease, code: codePath(of: $0))
        }
        return TrialRequest(
            lease: lease, searchPath: searchPath, gatePath: gatePath, dataPath: dataPath,
            modelPaths: Dictionary(models) { first, _ in first },
            directory: trialPath(of: lease.attempt), codePath: lease.code.map(codePath),
            interpreter: environment?.interpreter ?? "python3",
            packagePath: lease.trainer.isProgram ? packagePath : nil,
            container: container(for: lease))
    }
}
