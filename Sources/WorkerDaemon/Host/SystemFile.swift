import FoundationEssentials

/// A file or folder in which the kernel tells something, such as below `/sys`.
struct SystemFile {
    /// Where it is.
    let path: String

    init(_ path: String) { self.path = path }

    /// What stands at `name` in this folder.
    func entry(_ name: String) -> SystemFile { SystemFile("\(path)/\(name)") }

    /// All of it; empty when it cannot be read.
    var text: String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Its lines.
    var lines: [Substring] { text.split(separator: "\n") }

    /// The first line; nil when it cannot be read.
    var line: String? {
        guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// The numbers among the names of a folder, in ascending order.
    var numbers: [UInt32] { names.compactMap { UInt32($0) }.sorted() }

    /// The names in a folder; none when it cannot be read.
    var names: [String] {
        // What is not there tells nothing.
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}

extension Substring {
    /// Without what `isDropped` holds for at both ends.
    func trimming(_ isDropped: (Character) -> Bool) -> Substring {
        var rest = drop(while: isDropped)
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
