import Testing

/// One place where the repository breaks one of its rules.
struct Violation: Hashable, CustomStringConvertible {
    var path: String
    var line: Int
    var message: String

    var description: String { "\(path):\(line): \(message)" }
}

/// A rule about the text of one file.
struct Lint: Sendable {
    /// What it holds, as the test's argument shows it.
    var name: String
    /// Whether it looks at the file at a path.
    var covers: @Sendable (_ path: String) -> Bool
    /// The places that break the rule.
    var check: @Sendable (_ path: String, _ text: String) -> [Violation]
}

extension Lint: CustomTestStringConvertible {
    var testDescription: String { name }
}

/// The parts of the repository that a lint can ask a path about.
enum Place {
    static let pureRing = ["Vocabulary", "Search", "Registry", "Scheduling", "Execution"]

    /// Swift code that a person wrote.
    static func isSwift(_ path: String) -> Bool {
        path.hasSuffix(".swift") && !path.hasSuffix(".pb.swift")
    }

    static func isSource(_ path: String) -> Bool { isSwift(path) && path.hasPrefix("Sources/") }

    /// The target whose folder holds the file at `path`.
    static func target(of path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : nil
    }

    static func isPure(_ path: String) -> Bool {
        isSource(path) && target(of: path).map(pureRing.contains) == true
    }
}
