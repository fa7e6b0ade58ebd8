/// What is never code: version control, caches, environments and what systems strew about.
enum LeftOut {
    private static let names: Set<String> = [
        ".git", "__pycache__", ".picoml", ".venv", "venv", "node_modules", ".ipynb_checkpoints",
        ".DS_Store",
    ]
    private static let suffix = ".pyc"

    /// The same in the form of ignore files, so that git need not look into such folders.
    static var patterns: [String] { names.sorted() + ["*" + suffix] }

    /// Whether something with `name`, as a component, is left out with all that it holds.
    static func covers(_ name: [UInt8]) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        return names.contains(text)
            || text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
