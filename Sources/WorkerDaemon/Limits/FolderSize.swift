/// How much of the disk a folder takes, measured a part at a time.
package struct FolderSize {
    private let path: String
    private var scan: FolderScan?
    private var seen: Set<FolderScan.Identity> = []
    private var bytes: UInt64 = 0

    /// The size of the folder at `path`.
    package init(_ path: String) { self.path = path }

    /// Looks at up to `count` more entries.
    ///
    /// - Returns: The bytes that were found, of allocated blocks; a new round begins with the next
    ///   call when this one came to the end or past `limit`, nil when it did not.
    package mutating func measure(entries count: Int, limit: UInt64) -> UInt64? {
        if scan == nil {
            seen = []
            bytes = 0
            // A folder that is not there takes nothing.
            scan = try? FolderScan(path)
        }
        for _ in 0..<count {
            guard let entry = scan?.next() else { return finish() }
            add(entry)
            if bytes > limit { return finish() }
        }
        return nil
    }

    private mutating func finish() -> UInt64 {
        scan = nil
        return bytes
    }

    private mutating func add(_ entry: FolderScan.Entry) {
        if let identity = entry.identity, !seen.insert(identity).inserted { return }
        bytes &+= entry.bytes
    }
}
