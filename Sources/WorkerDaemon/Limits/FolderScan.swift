import CLinux
import Glibc

/// Goes through everything in a folder, piece by piece, without following links.
///
/// What appears, disappears or cannot be read meanwhile is passed over.
@safe final class FolderScan {
    /// A file, link or folder.
    struct Entry {
        /// The open folder that holds it, until the next entry is asked for.
        let folder: Int32
        /// Its name there.
        let name: [CChar]
        /// What is the same for all names of it, where it has several.
        let identity: Identity?
        /// The bytes of its allocated blocks.
        let bytes: UInt64
    }

    /// A file, whatever its names.
    struct Identity: Hashable {
        let device: UInt64
        let number: UInt64
    }

    // Paths below the top, as their parts; bounded because a trial makes what it likes.
    private var pending: [[[CChar]]] = [[]]
    private static let longestPending = 100_000

    private let top: Int32
    private var path: [[CChar]] = []
    private var stream: OpaquePointer?

    init(_ folder: String) throws(WorkerError) {
        top = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0 else { throw .system("open", folder) }
    }

    deinit {
        leave()
        close(top)
    }

    /// The next entry, each folder before what it holds; nil at the end.
    func next() -> Entry? {
        while true {
            guard let stream = unsafe stream else {
                guard let path = pending.popLast() else { return nil }
                enter(path)
                continue
            }
            guard let name = unsafe Self.name(in: stream) else {
                leave()
                continue
            }
            let folder = unsafe dirfd(stream)
            var facts = picoml_facts()
            guard unsafe picoml_look(folder, name, 0, &facts) == 0 else { continue }
            let isFolder = facts.mode & S_IFMT == S_IFDIR
            if isFolder, pending.count < Self.longestPending { pending.append(path + [name]) }
            let identity = Identity(device: facts.device, number: facts.number)
            return Entry(
                folder: folder, name: name,
                identity: isFolder || facts.links < 2 ? nil : identity,
                bytes: UInt64(max(0, facts.blocks)) &* 512)
        }
    }

    private func leave() {
        if let stream = unsafe stream { unsafe closedir(stream) }
        unsafe stream = nil
    }

    private func enter(_ path: [[CChar]]) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var folder = unsafe openat(top, ".", flags)
        for name in path where folder >= 0 {
            let next = unsafe openat(folder, name, flags)
            close(folder)
            folder = next
        }
        guard folder >= 0 else { return }
        self.path = path
        unsafe stream = fdopendir(folder)
        if unsafe stream == nil { close(folder) }
    }

    /// Whether `isPassed` holds for the names of all that an open folder holds.
    static func all(in folder: Int32, pass isPassed: ([CChar]) -> Bool) -> Bool {
        // A descriptor of its own, because closing the stream closes it.
        let copy = fcntl(folder, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = unsafe fdopendir(copy) else {
            if copy >= 0 { close(copy) }
            return false
        }
        defer { unsafe closedir(stream) }
        while let name = unsafe name(in: stream) {
            guard isPassed(name) else { return false }
        }
        return true
    }

    /// The name of the next thing in a folder; nil at the end.
    @unsafe private static func name(in stream: OpaquePointer) -> [CChar]? {
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        while let record = unsafe readdir(stream) {
            let start = unsafe UnsafeRawPointer(record).advanced(by: offset)
                .assumingMemoryBound(to: CChar.self)
            let name = unsafe Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
            let dot = CChar(bitPattern: UInt8(ascii: "."))
            if name != [dot, 0], name != [dot, dot, 0] { return name }
        }
        return nil
    }
}
