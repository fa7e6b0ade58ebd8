/// What makes a folder large.
struct SizeSurvey {
    private static let longestList = 5

    private var weights: [[UInt8]: UInt64] = [:]
    private var children: [[UInt8]: [[UInt8]]] = [:]
    private let isByCount: Bool

    /// Surveys `entries` by what they have too much of.
    init(_ entries: [FolderEntry], excess: BundleError.Excess) {
        if case .files = excess { isByCount = true } else { isByCount = false }
        for entry in entries {
            let weight = isByCount ? 1 : entry.byteCount
            var path = entry.name.ancestors.map(\.bytes)
            if entry.kind != .folder { path.append(entry.name.bytes) }
            var above: [UInt8] = []
            for name in path {
                if weights[name] == nil { children[above, default: []].append(name) }
                weights[name, default: 0] &+= weight
                above = name
            }
        }
    }

    /// Up to five files and folders, the largest first, with their sizes.
    ///
    /// Where more than half of a folder is in one thing, that is named instead.
    var largest: [String] {
        let top = sorted(children[[]] ?? []).prefix(Self.longestList)
        return top.map { name in
            var name = name
            while let child = sorted(children[name] ?? []).first, weight(child) > weight(name) / 2 {
                name = child
            }
            let text = ByteText.printable(name) + (children[name] == nil ? "" : "/")
            return isByCount
                ? "\(text) (\(weight(name)) files)" : "\(text) (\(ByteText.text(weight(name))))"
        }
    }

    private func weight(_ name: [UInt8]) -> UInt64 { weights[name] ?? 0 }

    private func sorted(_ names: [[UInt8]]) -> [[UInt8]] {
        names.sorted { left, right in
            weight(left) != weight(right)
                ? weight(left) > weight(right) : left.lexicographicallyPrecedes(right)
        }
    }
}
