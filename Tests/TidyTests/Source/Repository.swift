import Foundation

/// The files of this repository, as they lie in the folder that this very file is in.
struct Repository: Sendable {
    /// A file and what it says.
    struct File: Sendable {
        var path: String
        var text: String
        var isExecutable: Bool
    }

    /// The repository as it was when the tests began.
    static let current = Repository(root: folder(above: #filePath, levels: 4))

    let root: String
    /// Every file that holds text, by path.
    let files: [File]
    /// The names at the top level, sorted.
    let topLevel: [String]
    /// Every folder, by path.
    let folders: [String]

    /// What a build or a run leaves behind and git ignores.
    private static func isIgnored(_ name: String) -> Bool {
        name == ".git" || name == ".picoml" || name.hasPrefix(".build") || name == "__pycache__"
            || name == ".swiftpm" || name == "Package.resolved"
    }

    private static func folder(above path: String, levels: Int) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast(levels)
            .joined(separator: "/")
    }

    private init(root: String) {
        self.root = root
        var files: [File] = []
        var folders: [String] = []
        var pending = [""]
        while let folder = pending.popLast() {
            for name in Self.names(in: root + "/" + folder) where !Self.isIgnored(name) {
                let path = folder.isEmpty ? name : folder + "/" + name
                var isFolder: ObjCBool = false
                _ = unsafe FileManager.default.fileExists(
                    atPath: root + "/" + path, isDirectory: &isFolder)
                if isFolder.boolValue {
                    folders.append(path)
                    pending.append(path)
                } else if let bytes = FileManager.default.contents(atPath: root + "/" + path),
                    let text = String(bytes: bytes, encoding: .utf8), !text.contains("\0")
                {
                    files.append(
                        File(
                            path: path, text: text,
                            isExecutable: FileManager.default.isExecutableFile(
                                atPath: root + "/" + path)))
                }
            }
        }
        self.files = files.sorted { $0.path < $1.path }
        self.folders = folders.sorted()
        topLevel = Self.names(in: root).filter { !Self.isIgnored($0) }
    }

    private static func names(in folder: String) -> [String] {
        // A folder that cannot be read has no names; the test that counts files notices.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// What `lint` finds in the files that it covers.
    func violations(of lint: Lint) -> [Violation] {
        files.filter { lint.covers($0.path) }.flatMap { lint.check($0.path, $0.text) }
    }

    /// The text of the file at `path`; nil when there is none.
    func text(at path: String) -> String? { files.first { $0.path == path }?.text }
}
