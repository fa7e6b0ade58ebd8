import GRDBSQLite
import Glibc
import Synchronization

/// SQLite's way to the disk with faults: writes and fsyncs that fail, and a power cut that
/// forgets what was not synchronised.
///
/// It replaces SQLite's default layer for the whole process and passes everything through but
/// what concerns the folder of a `FaultyDisk` value.
final class FaultyDisk: Sendable {
    /// What goes wrong.
    enum Fault: Sendable {
        /// The n-th write or fsync from now fails with SQLite's result code, and so do all later
        /// ones.
        case failing(after: Int, code: Int32)
        /// Every fsync returns at once and does nothing.
        case lying
    }

    fileprivate struct State {
        var fault: Fault?
        var calls = 0
        var synchronizations: [String: Int] = [:]
        // What the disk holds for certain, by file name.
        var durable: [String: [UInt8]] = [:]
        // Writes since then, in order.
        var pending: [Write] = []
    }

    struct Write: Sendable {
        var file: String
        var offset: Int
        var bytes: [UInt8]
    }

    let folder: String
    fileprivate let state = Mutex(State())

    init(_ folder: String) {
        self.folder = folder
        Layer.install()
        Layer.disks.withLock { $0[folder] = self }
    }

    var fault: Fault? {
        get { state.withLock { $0.fault } }
        set {
            state.withLock { state in
                state.fault = newValue
                state.calls = 0
            }
        }
    }

    /// How often the file called `name` was synchronised.
    func synchronizations(of name: String) -> Int {
        state.withLock { $0.synchronizations[name] ?? 0 }
    }

    /// What the files hold after a power cut: everything synchronised and, of the later writes,
    /// those for which `keeps` returns true.
    func afterPowerCut(keeping keeps: (Write) -> Bool) -> [String: [UInt8]] {
        let (durable, pending) = state.withLock { ($0.durable, $0.pending) }
        var files = durable
        for write in pending where keeps(write) {
            var bytes = files[write.file] ?? []
            let missing = write.offset + write.bytes.count - bytes.count
            if missing > 0 { bytes += [UInt8](repeating: 0, count: missing) }
            bytes.replaceSubrange(
                write.offset..<write.offset + write.bytes.count, with: write.bytes)
            files[write.file] = bytes
        }
        return files
    }

    fileprivate func failure() -> Int32? {
        state.withLock { state in
            guard case .failing(let after, let code) = state.fault else { return nil }
            state.calls += 1
            return state.calls >= after ? code : nil
        }
    }

    fileprivate func wrote(_ bytes: [UInt8], at offset: Int, to file: String) {
        state.withLock {
            $0.pending.append(Write(file: file, offset: offset, bytes: bytes))
        }
    }

    fileprivate func deleted(_ file: String) {
        state.withLock { state in
            state.durable[file] = nil
            state.pending.removeAll { $0.file == file }
        }
    }

    /// Whether the fsync is to be done at all.
    fileprivate func synchronizes(_ file: String, _ read: () -> [UInt8]) -> Bool {
        state.withLock { state in
            if case .lying = state.fault { return false }
            state.synchronizations[file, default: 0] += 1
            state.durable[file] = read()
            state.pending.removeAll { $0.file == file }
            return true
        }
    }
}

/// The functions that SQLite calls.
private enum Layer {
    struct File {
        var disk: FaultyDisk
        var name: String
    }

    static let disks = Mutex<[String: FaultyDisk]>([:])
    static let files = Mutex<[UInt: File]>([:])
    // Written once, before the first file is opened through this layer.
    nonisolated(unsafe) static var base: UnsafeMutablePointer<sqlite3_vfs>?
    nonisolated(unsafe) static var methods: UnsafePointer<sqlite3_io_methods>?

    static func install() { _ = installed }

    private static let installed: Bool = {
        guard let found = unsafe sqlite3_vfs_find(nil) else { return false }
        unsafe base = found
        let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        unsafe layer.initialize(to: found.pointee)
        unsafe layer.pointee.zName = UnsafePointer(strdup("faulty"))
        unsafe layer.pointee.pNext = nil
        unsafe layer.pointee.xDelete = { unsafe Layer.delete($1, $2) }
        unsafe layer.pointee.xOpen = { unsafe Layer.open($1, $2, $3, $4) }
        return unsafe sqlite3_vfs_register(layer, 1) == SQLITE_OK
    }()

    private static func open(
        _ path: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ flags: Int32, _ given: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let base = unsafe base, let file = unsafe file else { return SQLITE_ERROR }
        let code = unsafe base.pointee.xOpen(base, path, file, flags, given)
        guard code == SQLITE_OK, let path = unsafe path else { return code }
        let text = unsafe String(cString: path)
        guard let disk = disk(of: text), let original = unsafe file.pointee.pMethods else {
            return code
        }
        let name = String(text.dropFirst(disk.folder.count + 1))
        let key = UInt(bitPattern: file)
        files.withLock { $0[key] = File(disk: disk, name: name) }
        unsafe file.pointee.pMethods = unsafe wrapped(original)
        return code
    }

    private static func delete(_ path: UnsafePointer<CChar>?, _ synchronizes: Int32) -> Int32 {
        guard let base = unsafe base, let path = unsafe path else { return SQLITE_ERROR }
        let text = unsafe String(cString: path)
        if let disk = disk(of: text) {
            disk.deleted(String(text.dropFirst(disk.folder.count + 1)))
        }
        return unsafe base.pointee.xDelete(base, path, synchronizes)
    }

    private static func disk(of path: String) -> FaultyDisk? {
        disks.withLock { disks in disks.first { path.hasPrefix($0.key + "/") }?.value }
    }

    // On Linux all files of a process have the same methods, but for their locking.
    private static func wrapped(
        _ original: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods> {
        let copy = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        unsafe copy.initialize(to: original.pointee)
        unsafe methods = original
        unsafe copy.pointee.xWrite = { unsafe Layer.write($0, $1, $2, $3) }
        unsafe copy.pointee.xSync = { unsafe Layer.synchronize($0, $1) }
        return unsafe UnsafePointer(copy)
    }

    private static func known(_ file: UnsafeMutablePointer<sqlite3_file>?) -> File? {
        let key = UInt(bitPattern: file)
        return files.withLock { $0[key] }
    }

    private static func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ bytes: UnsafeRawPointer?, _ count: Int32,
        _ offset: sqlite3_int64
    ) -> Int32 {
        guard let known = unsafe known(file), let methods = unsafe methods else {
            return SQLITE_ERROR
        }
        if let code = known.disk.failure() { return code }
        let code = unsafe methods.pointee.xWrite(file, bytes, count, offset)
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
        known.disk.wrote(unsafe Array(buffer), at: Int(offset), to: known.name)
        return code
    }

    private static func synchronize(
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32
    ) -> Int32 {
        guard let known = unsafe known(file), let methods = unsafe methods else {
            return SQLITE_ERROR
        }
        if let code = known.disk.failure() {
            return code == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR | 4 << 8  // IOERR_FSYNC
        }
        let isDone = known.disk.synchronizes(known.name) {
            var size: sqlite3_int64 = 0
            _ = unsafe methods.pointee.xFileSize(file, &size)
            var bytes = [UInt8](repeating: 0, count: Int(size))
            _ = unsafe methods.pointee.xRead(file, &bytes, Int32(size), 0)
            return bytes
        }
        return isDone ? unsafe methods.pointee.xSync(file, flags) : SQLITE_OK
    }
}
