/// Which files and folders there may be.
enum Layout {
    private static let topLevel: Set<String> = [
        "Package.swift", "Sources", "Tests", "deploy", "scripts", "configs", "README.md",
        "LICENSE", "NOTICE", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "ARCHITECTURE.md",
        ".ci", ".gitignore", ".gitattributes", ".swift-format", ".editorconfig", ".github",
        ".spi.yml",
    ]
    private static let required = [
        "Package.swift", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", ".swift-format",
    ]
    /// Names that say nothing about what is inside.
    private static let vague: Set<String> = [
        "Utils", "Util", "Utilities", "Helpers", "Helper", "Managers", "New", "Misc", "Common",
    ]

    static func topLevelViolations(_ names: [String]) -> [Violation] {
        names.filter { !topLevel.contains($0) }.map {
            Violation(path: $0, line: 0, message: "not at home at the top level")
        }
            + required.filter { !names.contains($0) }.map {
                Violation(path: $0, line: 0, message: "missing")
            }
    }

    static func nameViolations(_ paths: [String]) -> [Violation] {
        paths.flatMap { path -> [Violation] in
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            let stem = name.split(separator: ".").first.map(String.init) ?? ""
            var violations: [Violation] = []
            if vague.contains(stem) {
                violations.append(
                    Violation(path: path, line: 0, message: "a name that says nothing"))
            }
            if name.contains(" ") {
                violations.append(Violation(path: path, line: 0, message: "a space in a name"))
            }
            return violations
        }
    }

    /// Folders of `Sources` and `Tests` that no target has, and targets without a folder.
    static func targetViolations(_ manifest: Manifest, _ folders: [String]) -> [Violation] {
        let sources = Set(children(of: "Sources", folders)).subtracting(House.libraries)
        let tests = Set(children(of: "Tests", folders))
        let targets = Set(manifest.sources)
        let tested = Set(manifest.tests)
        return sources.symmetricDifference(targets).sorted().map {
            Violation(path: "Sources/\($0)", line: 0, message: "a target and no folder, or reverse")
        }
            + tests.symmetricDifference(tested).sorted().map {
                Violation(path: "Tests/\($0)", line: 0, message: "tests and no folder, or reverse")
            }
    }

    private static func children(of folder: String, _ folders: [String]) -> [String] {
        folders.compactMap { path in
            let parts = path.split(separator: "/")
            return parts.count == 2 && parts[0] == folder ? String(parts[1]) : nil
        }
    }
}
