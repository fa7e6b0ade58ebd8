/// What a bundle holds so far; admits only what may be added to it.
///
/// Packing and unpacking ask the same plan, so that what was packed can be unpacked.
struct TreePlan {
    private enum Place { case file, link, folder, impliedFolder }

    private let limits: BundleLimits
    private var places: [EntryName: Place] = [:]
    /// Bytes of all files so far.
    private(set) var byteCount: UInt64 = 0

    init(limits: BundleLimits) { self.limits = limits }

    /// Files, links and folders so far.
    var fileCount: Int { places.count }

    /// Adds an entry without its bytes.
    ///
    /// - Returns: The folders to make first, the top one first.
    /// - Throws: `BundleError.unfit` for a second entry of one name, for an entry in something
    ///   that is no folder, and for links that could lead out.
    mutating func admit(_ entry: FolderEntry) throws(BundleError) -> [EntryName] {
        var folders: [EntryName] = []
        for ancestor in entry.name.ancestors {
            switch places[ancestor] {
            case .folder, .impliedFolder: continue
            case .file, .link:
                throw .unfit(name: entry.name.text, reason: "\(ancestor.text) is no folder")
            case nil:
                folders.append(ancestor)
                try place(.impliedFolder, at: ancestor)
            }
        }
        switch (places[entry.name], entry.kind) {
        case (nil, .folder):
            folders.append(entry.name)
            try place(.folder, at: entry.name)
        case (.impliedFolder, .folder): places[entry.name] = .folder
        case (nil, .file): try place(.file, at: entry.name)
        case (nil, .link(let target)):
            guard entry.name.destination(of: target) != nil else {
                throw .unfit(name: entry.name.text, reason: EntryName.linkProblem)
            }
            try place(.link, at: entry.name)
        default: throw .unfit(name: entry.name.text, reason: "it is there twice")
        }
        return folders
    }

    private mutating func place(_ place: Place, at name: EntryName) throws(BundleError) {
        guard places.count < limits.fileCount else {
            throw .tooMuch(.files(limits.fileCount), largest: [])
        }
        places[name] = place
    }

    /// Adds bytes of a file.
    mutating func add(byteCount more: UInt64) throws(BundleError) {
        guard more <= limits.byteCount, byteCount <= limits.byteCount - more else {
            throw .tooMuch(.bytes(limits.byteCount), largest: [])
        }
        byteCount += more
    }

    /// Whether following `target` from the link `name` meets something, as far as links tell.
    func leadsSomewhere(_ name: EntryName, target: [UInt8]) -> Bool {
        guard let destination = name.destination(of: target) else { return false }
        // The top of the folder is no name, and always there.
        guard !destination.isEmpty else { return true }
        // An overlong name is nobody's.
        guard let place = try? EntryName(destination) else { return false }
        return places[place] != nil || place.ancestors.contains { places[$0] == .link }
    }
}
