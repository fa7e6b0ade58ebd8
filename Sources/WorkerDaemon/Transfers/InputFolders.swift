import Bundles
import Glibc
import Processes
import Vocabulary

/// Folders that travel as archives: code to the worker, checkpoints both ways.
struct InputFolders {
    let folder: WorkerFolder
    /// Who trials run as; nil for the worker's own user.
    let user: SystemUser?

    /// What a checkpoint may hold: 16 GiB in 100,000 files.
    private static let checkpointLimits = BundleLimits(byteCount: 16 << 30, fileCount: 100_000)

    /// Unpacks what a lease brings and is not unpacked yet.
    func unpack(_ lease: Lease) throws(Transfer.Problem) {
        if let code = lease.code {
            try unpack(
                code, into: folder.codePath(of: code), limits: .code, isReadOnly: true,
                failure: .badCode)
        }
        if let checkpoint = lease.checkpoint {
            let directory = folder.trialPath(of: lease.attempt)
            guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw .local(.system("make", directory))
            }
            try unpack(
                checkpoint.digest, into: directory + "/checkpoint", limits: Self.checkpointLimits,
                isReadOnly: false, failure: .trainerError)
        }
    }

    private func unpack(
        _ digest: Digest, into path: String, limits: BundleLimits, isReadOnly: Bool,
        failure: FailureClass
    ) throws(Transfer.Problem) {
        do throws(BundleError) {
            try Unpacking.unpack(
                archiveAt: folder.cachePath(of: digest), into: path, limits: limits,
                isReadOnly: isReadOnly)
        } catch {
            switch error {
            case .alreadyExists: return
            case .system: throw .local(WorkerError("\(error)"))
            default: throw .unusable(failure, "\(error)")
            }
        }
    }

    /// Packs a checkpoint of a running execution into the file under which it is stored.
    func pack(
        _ path: String, step: UInt64, of attempt: AttemptID
    ) throws(Transfer.Problem) -> Artifact {
        let directory = folder.trialPath(of: attempt)
        let archive = "\(TrialFile.keptFolder(of: directory))/checkpoint-\(step).archive"
        // Left over from a try that failed later on.
        unsafe unlink(archive)
        let packed: FolderArchive.Packed
        do throws(WorkerError) {
            try TrialFile.makeKeptFolder(of: directory)
            let source = try TrialFile(path, in: directory, kind: S_IFDIR, owner: user)
            packed = try pack(source.path, to: archive)
        } catch {
            throw .local(error)
        }
        let kept = TrialFile.keptPath(of: packed.digest, in: directory)
        guard unsafe rename(archive, kept) == 0 else { throw .local(.system("keep", archive)) }
        return Artifact(
            name: "checkpoint", digest: packed.digest, byteCount: packed.archiveByteCount)
    }

    private func pack(
        _ folder: String, to archive: String
    ) throws(WorkerError) -> FolderArchive.Packed {
        do throws(BundleError) {
            return try FolderArchive.pack(
                folder, to: archive, limits: Self.checkpointLimits, owner: user?.number)
        } catch {
            throw WorkerError("a checkpoint cannot be packed: \(error)")
        }
    }
}
