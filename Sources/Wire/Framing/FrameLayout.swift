/// What the bytes after a header are; the fourth byte of the header tells.
enum FrameContent: UInt8 {
    /// Messages of a worker.
    case worker = 0x57
    /// Messages of the coordinator.
    case coordinator = 0x43
    /// A request on the artifact socket.
    case artifactRequest = 0x51
    /// A reply on the artifact socket.
    case artifactReply = 0x41
    /// Records of the journal.
    case records = 0x52
    /// A result in the spool.
    case spooledResult = 0x53
}

/// Sizes and places of the header and of an entry, as `Schema/picoml.proto` describes them.
enum FrameLayout {
    /// "PML", with which every header starts.
    static let magic: [UInt8] = [0x50, 0x4D, 0x4C]
    /// Bytes of the header.
    static let headerBytes = 20
    /// Where the number of entries stands in the header.
    static let countPlace = 8
    /// Where the length of the entries stands in the header.
    static let lengthPlace = 12
    /// Where the checksum stands in the header; all before it is covered by it.
    static let checksumPlace = 16
    /// Bytes in front of the body of an entry.
    static let entryHeaderBytes = 8
    /// The flag of an entry that a reader may skip.
    static let optionalFlag: UInt16 = 1
}
