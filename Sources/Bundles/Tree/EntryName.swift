/// A name within a bundle: components joined by `/`, none of which can leave the folder.
///
/// Bytes and not a `String`, because two texts that Unicode calls equal are two files.
struct EntryName: Hashable, Comparable, Sendable {
    /// The longest name, in bytes: with the path of the folder it stays below Linux's 4,096.
    static let longest = 1024
    private static let longestComponent = 255
    static let separator = UInt8(ascii: "/")

    let bytes: [UInt8]

    /// Takes a relative name in UTF-8 without empty, `.` and `..` components.
    init(_ bytes: [UInt8]) throws(BundleError) {
        if let reason = Self.problem(of: bytes) {
            throw .unfit(name: ByteText.printable(bytes), reason: reason)
        }
        self.bytes = bytes
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    private static func problem(of bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "it has no name" }
        if bytes.count > longest { return "its name is longer than \(longest) bytes" }
        if bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil {
            return "its name is not UTF-8"
        }
        if bytes.first == separator { return "its name is absolute" }
        for component in bytes.split(separator: separator, omittingEmptySubsequences: false) {
            if component.count > longestComponent {
                return "a part of its name is longer than \(longestComponent) bytes"
            }
            if component.elementsEqual("..".utf8) { return "its name leads out of its folder" }
            if component.isEmpty || component.elementsEqual(".".utf8) {
                return "its name has an empty part"
            }
        }
        return nil
    }

    static func < (left: EntryName, right: EntryName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The name for people.
    var text: String { ByteText.printable(bytes) }

    var components: [[UInt8]] { bytes.split(separator: Self.separator).map(Array.init) }

    /// The folder that holds the entry; nil at the top.
    var parent: EntryName? {
        guard let cut = bytes.lastIndex(of: Self.separator) else { return nil }
        return EntryName(unchecked: Array(bytes[..<cut]))
    }

    /// The folders that hold the entry, the top one first.
    var ancestors: [EntryName] {
        bytes.indices.filter { bytes[$0] == Self.separator }.map {
            EntryName(unchecked: Array(bytes[..<$0]))
        }
    }
}

/// Links that cannot leave the folder.
extension EntryName {
    /// The name to which a link of this name leads when no other link is on the way.
    ///
    /// It is empty at the top, and nil when the link could lead out of the folder.
    ///
    /// A target may climb only before it descends and no higher than the top. The folders above a
    /// link are real ones, so climbing stays inside; a descent can meet other links only, for
    /// which the same holds.
    func destination(of target: [UInt8]) -> [UInt8]? {
        guard !target.isEmpty, target.count <= Self.longest, target.first != Self.separator,
            !target.contains(0), String(validating: target, as: UTF8.self) != nil
        else { return nil }
        let parts = target.split(separator: Self.separator).map(Array.init)
            .filter { !$0.elementsEqual(".".utf8) }
        let climb = parts.prefix { $0.elementsEqual("..".utf8) }.count
        let descent = parts.dropFirst(climb)
        let above = components.dropLast()
        guard climb <= above.count, !descent.contains(where: { $0.elementsEqual("..".utf8) })
        else { return nil }
        return Array((above.dropLast(climb) + descent).joined(separator: [Self.separator]))
    }

    /// What is wrong with a link that has no destination.
    static let linkProblem =
        "it is a link that could lead out of the folder; links must be relative, and climb with "
        + ".. only at their start"
}
