import CLinux
import Glibc
import Processes
import Vocabulary

/// A file or folder that a trial names, opened within the trial's folder.
///
/// A trial may put links where the worker looks, at any time: what was opened without following
/// any is used from then on, and no path twice.
struct TrialFile: ~Copyable {
    private let descriptor: Int32
    private let name: String

    /// Opens `path` in `directory`: a regular file or a folder as `kind` says, `S_IFREG` or
    /// `S_IFDIR`; with an `owner` one that belongs to it.
    init(
        _ path: String, in directory: String, kind wanted: mode_t = S_IFREG,
        owner: SystemUser? = nil, isWritable: Bool = false
    ) throws(WorkerError) {
        let opened = try Self.open(path, in: directory, kind: wanted, isWritable: isWritable)
        do throws(WorkerError) {
            try Self.check(opened, path, kind: wanted, owner: owner)
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
        name = path
    }

    deinit { close(descriptor) }

    private static func open(
        _ path: String, in directory: String, kind: mode_t, isWritable: Bool
    ) throws(WorkerError) -> Int32 {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.contains("\0"),
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
        else { throw WorkerError("\"\(path)\" is not a path within the trial's folder") }
        // A pipe must not keep the worker waiting for somebody who writes to it.
        let flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        var place = unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | flags)
        for (index, part) in parts.enumerated() where place >= 0 {
            let isLast = index == parts.count - 1
            let use = isLast && isWritable ? O_RDWR : O_RDONLY
            let next = unsafe openat(
                place, String(part), use | flags | (isLast && kind == S_IFREG ? 0 : O_DIRECTORY))
            let number = errno
            close(place)
            errno = number
            place = next
        }
        guard place < 0 else { return place }
        throw [ELOOP, ENOTDIR, ENXIO].contains(errno)
            ? unfit(path, kind) : .system("open", "\(directory)/\(path)")
    }

    private static func check(
        _ descriptor: Int32, _ path: String, kind: mode_t, owner: SystemUser?
    ) throws(WorkerError) {
        var facts = picoml_facts()
        guard unsafe picoml_look(descriptor, "", 0, &facts) == 0, facts.mode & S_IFMT == kind
        else { throw unfit(path, kind) }
        // A link of the other kind (link(2)) leads to the file of somebody else.
        if let owner, facts.user != owner.number {
            throw WorkerError("\"\(path)\" does not belong to the trial")
        }
    }

    private static func unfit(_ path: String, _ kind: mode_t) -> WorkerError {
        let noun = kind == S_IFREG ? "regular file" : "folder"
        return WorkerError("\"\(path)\" is not a \(noun) within the trial's folder")
    }

    /// A path that leads to just what was opened, for as long as this value lives.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// Its length, and what it takes on the disk, in bytes.
    func facts() throws(WorkerError) -> (byteCount: UInt64, diskBytes: UInt64) {
        var facts = picoml_facts()
        guard unsafe picoml_look(descriptor, "", 0, &facts) == 0 else {
            throw .system("look at", name)
        }
        return (UInt64(max(0, facts.size)), UInt64(max(0, facts.blocks)) * 512)
    }

    /// Up to `count` bytes from `offset`; fewer at the end.
    func read(count: Int, at offset: UInt64) throws(WorkerError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe pread(descriptor, &bytes, count, off_t(clamping: offset))
        guard got >= 0 else { throw .system("read", name) }
        return Array(bytes.prefix(got))
    }

    /// The last `count` bytes; all when there are fewer.
    func suffix(_ count: Int) throws(WorkerError) -> [UInt8] {
        let size = try facts().byteCount
        return try read(count: count, at: size - min(size, UInt64(count)))
    }

    /// Frees the disk under the first `count` bytes, where the file system can; its length stays.
    func freeStart(_ count: UInt64) {
        _ = picoml_punch_hole(descriptor, off_t(clamping: count))
    }

    /// Leaves only the last `count` bytes of a log, after a line that says so.
    func cut(toLast count: Int) throws(WorkerError) {
        let size = try facts().byteCount
        // The line that says so must be worth its place.
        guard size > UInt64(count) + UInt64(CutLog.longestLine) else { return }
        let kept = try read(count: count, at: size - UInt64(count))
        let bytes = Array(CutLog(leftOut: size - UInt64(kept.count)).line.utf8) + kept
        guard ftruncate(descriptor, 0) == 0,
            unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        else { throw .system("cut", name) }
    }

    /// Keeps the file under a name that is found again after a restart, whatever the trial called
    /// it, and where no trial can write.
    func keep(as digest: Digest, of directory: String) throws(WorkerError) {
        try Self.makeKeptFolder(of: directory)
        let kept = Self.keptPath(of: digest, in: directory)
        guard
            unsafe linkat(AT_FDCWD, path, AT_FDCWD, kept, AT_SYMLINK_FOLLOW) == 0
                || errno == EEXIST
        else { throw .system("keep", name) }
    }
}

/// Where the bytes of artifacts wait to be stored on the coordinator: beside the trial's folder, to
/// which the trial can write.
extension TrialFile {
    /// The folder for what is kept of the trial in `directory`.
    static func keptFolder(of directory: String) -> String { directory + ".kept" }

    /// Where an artifact lies.
    static func keptPath(of digest: Digest, in directory: String) -> String {
        "\(keptFolder(of: directory))/\(digest)"
    }

    /// Makes the folder unless it is there.
    static func makeKeptFolder(of directory: String) throws(WorkerError) {
        let folder = keptFolder(of: directory)
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .system("make", folder)
        }
    }
}
