/// Rules about the shell scripts.
enum ScriptLints {
    static let all = [strictness]

    /// A script is known by its first line.
    static func isScript(_ text: String) -> Bool {
        guard let first = text.split(separator: "\n").first, first.hasPrefix("#!") else {
            return false
        }
        return first.hasSuffix("sh")
    }

    static let strictness = Lint(
        name: "a script is for bash and stops at the first error",
        covers: { $0.hasPrefix("scripts/") || $0.hasPrefix(".ci/") }
    ) { path, text in
        guard isScript(text) else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var violations: [Violation] = []
        if lines.first != "#!/usr/bin/env bash" {
            violations.append(Violation(path: path, line: 1, message: "not a script for bash"))
        }
        let first = lines.first { !$0.isEmpty && !$0.hasPrefix("#") }
        if first != "set -euo pipefail" {
            violations.append(
                Violation(
                    path: path, line: 1, message: "its first command is not `set -euo pipefail`"))
        }
        return violations
    }

    /// What `isExecutable` should say of the file at `path`.
    static func needsRunBit(_ path: String, _ text: String) -> Bool {
        (path.hasPrefix("scripts/") || path.hasPrefix(".ci/")) && text.hasPrefix("#!")
    }

    /// Asks shellcheck about the scripts at `paths`, which `scripts/install-dependencies --tests`
    /// installs.
    ///
    /// - Throws: `ChildProcess.Failure` with what it says when it says anything.
    static func shellcheck(_ paths: [String], in folder: String) throws {
        _ = try ChildProcess.output(of: ["shellcheck", "--format=gcc"] + paths, in: folder)
    }
}
