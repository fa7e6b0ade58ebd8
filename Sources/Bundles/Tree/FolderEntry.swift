/// One file, link or folder of a tree.
struct FolderEntry: Sendable {
    enum Kind: Hashable, Sendable {
        case folder
        case file(byteCount: UInt64, isExecutable: Bool)
        case link(target: [UInt8])
    }

    var name: EntryName
    var kind: Kind

    /// The size that counts against a limit.
    var byteCount: UInt64 {
        if case .file(let byteCount, _) = kind { byteCount } else { 0 }
    }
}
