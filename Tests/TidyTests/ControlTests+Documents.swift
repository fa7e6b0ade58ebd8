import Foundation
import Testing

extension `A lint` {
    static let documentations: [Control] = [
        Control(lint: Docstrings.summaries, snippet: "package struct A {}", count: 1),
        Control(
            lint: Docstrings.summaries, snippet: "/// A thing\npackage struct A {}", count: 1),
        Control(
            lint: Docstrings.summaries, snippet: "// A thing.\npackage struct A {}", count: 1),
        Control(
            lint: Docstrings.summaries, snippet: "/// A thing.\n\npackage struct A {}", count: 1),
        Control(
            lint: Docstrings.summaries, snippet: "/// A thing.\npackage struct A {}", count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// A thing\n/// of two lines.\n///\n/// - Returns: it\n@frozen\n"
                + "@available(*, deprecated)\nnonisolated package static func f() {}",
            count: 0),
        Control(lint: Docstrings.summaries, snippet: "package import Vocabulary", count: 0),
        Control(lint: Docstrings.summaries, snippet: "struct A { var b: Int }", count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// Ways.\npackage enum A {\n  /// One.\n  case b\n  case c\n}", count: 1),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// Ways.\npackage enum A {\n  /// Is it?\n  package var x: Int {\n"
                + "    switch self { case .b: 1 }\n  }\n}",
            count: 1),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// A.\npackage struct A {\n  private enum B { case c }\n}", count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// A.\npackage private(set) var a = 1", count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// A.\n// @unchecked: never written again.\n@safe package final class A {}",
            count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "func f(package: String) { say(\"\\(package)\"); let a = package }", count: 0),
        Control(
            lint: Docstrings.summaries,
            snippet: "/// A.\npublic package(set) var a = 1", count: 0),
    ]

    static let imports: [Control] = [
        Control(lint: House.imports, snippet: "import Foundation", count: 1),
        Control(lint: House.imports, snippet: "package import Storage", count: 1),
        Control(lint: House.imports, snippet: "@preconcurrency import struct Glibc.stat", count: 1),
        Control(lint: House.imports, snippet: "import Vocabulary\nimport DequeModule", count: 0),
        Control(
            lint: House.imports, path: "Sources/Search/A.swift", snippet: "import Scheduling",
            count: 1),
        Control(
            lint: House.imports, path: "Sources/Storage/A.swift",
            snippet: "import Glibc\nimport GRDB\npackage import Wire", count: 0),
        Control(
            lint: House.imports, path: "Sources/Storage/A.swift",
            snippet: "import CoordinatorDaemon", count: 1),
        Control(lint: House.imports, path: "Sources/Attic/A.swift", snippet: "", count: 1),
    ]

    // In halves, so that this file keeps the rules itself.
    static let texts: [Control] = [
        Control(lint: TextLints.machinePaths, snippet: "see /wo" + "rk/main/a", count: 1),
        Control(lint: TextLints.machinePaths, snippet: "see net/wo" + "rk/main/a", count: 0),
        Control(lint: TextLints.unfinished, snippet: "// TO" + "DO: more", count: 1),
        Control(lint: TextLints.unfinished, snippet: "// TO" + "DOS and mast" + "odon", count: 0),
    ]

    static let scripts: [Control] = [
        Control(
            lint: ScriptLints.strictness, path: "scripts/a",
            snippet: "#!/usr/bin/env bash\n# A.\nset -euo pipefail\n", count: 0),
        Control(
            lint: ScriptLints.strictness, path: "scripts/a",
            snippet: "#!/usr/bin/env bash\nset -e\n", count: 1),
        Control(
            lint: ScriptLints.strictness, path: ".ci/a", snippet: "#!/bin/sh\nset -eu\n", count: 2),
        Control(
            lint: ScriptLints.strictness, path: "scripts/a.py",
            snippet: "#!/usr/bin/env python3\n", count: 0),
    ]

    @Test(arguments: [
        ("var a: [Int: Int]; for x in a { f(x) }", 1),
        ("var a: [Int: Int]; for (k, v) in state.a where v > 0 { f(k) }", 1),
        ("var a: [Int: Int]; for k in a.keys { f(k) }", 1),
        ("var a: [Int: Int]; for k in a.keys.sorted() { f(k) }", 0),
        ("var a: Set<Int> = []; let b = a.map { $0 + 1 }", 1),
        ("var a: Set<Int> = []; let b = a.map { $0 + 1 }.sorted()", 0),
        ("var a = [:]; return a.values.first", 1),
        ("var a: Set<Int>; return a.contains(1)", 0),
        ("var a: [Int]; for x in a { f(x) }", 0),
        ("// The order has no effect: a sum.\nlet b = a.reduce(0, +); var a: Set<Int>", 0),
        ("// All of them.\nlet b = a.reduce(0, +); var a: Set<Int>", 1),
        ("var a: [[Int: Int]]; for x in a { f(x) }", 0),
        ("var a: [Int: Int]; if let x = a[1] { for y in x.list { f(y) } }", 0),
    ])
    func `finds loops in no certain order`(snippet: String, count: Int) {
        let violations = Iteration.violations(in: [("Sources/Search/A.swift", snippet)])
        #expect(violations.count == count, "\(violations)")
    }

    @Test func `knows the dictionaries of other files`() {
        let state = ("Sources/Search/State.swift", "struct State { var leases: [Int: Int] }")
        let step = ("Sources/Search/Step.swift", "for (id, _) in state.leases { end(id) }")
        #expect(Iteration.violations(in: [state, step]).map(\.path) == [step.0])
        // The name is an array elsewhere: then nobody knows which one this is.
        let other = ("Sources/Search/Other.swift", "struct Other { var leases: [Int] }")
        #expect(Iteration.violations(in: [state, step, other]).isEmpty)
        // But a name of the file itself is its own.
        let local = (
            "Sources/Search/Local.swift", "let leases = Set([1]); for x in leases { f(x) }"
        )
        #expect(Iteration.violations(in: [other, local]).map(\.path) == [local.0])
        let member = (
            "Sources/Search/Local.swift", "let leases = Set([1]); for x in a.leases { f(x) }"
        )
        #expect(Iteration.violations(in: [other, member]).isEmpty)
    }

    private func manifest(_ targets: String...) throws -> Manifest {
        let json = "{\"targets\": [\(targets.joined(separator: ","))], \"name\": \"a\"}"
        return try JSONDecoder().decode(Manifest.self, from: Data(json.utf8))
    }

    private func target(_ name: String, _ type: String, _ dependencies: String = "") -> String {
        "{\"name\": \"\(name)\", \"type\": \"\(type)\", \"dependencies\": [\(dependencies)]}"
    }

    @Test func `reads the manifest`() throws {
        let manifest = try manifest(
            target("CLinux", "regular"), target("CZip", "system"), target("A", "regular"),
            target(
                "d", "executable",
                "{\"byName\": [\"A\", null]}, {\"product\": [\"Yams\", \"yams\", null, null]}"),
            target("ATests", "test"))
        #expect(manifest.sources == ["A", "d"])
        #expect(manifest.tests == ["ATests"])
        #expect(manifest.dependencies(of: "d") == ["A", "Yams"])
        #expect(manifest.dependencies(of: "A") == [])
        #expect(manifest.dependencies(of: "e") == nil)
    }

    @Test func `finds targets without folders and folders without targets`() throws {
        let manifest = try manifest(
            target("A", "regular"), target("B", "regular"), target("ATests", "test"),
            target("BTests", "test"))
        let folders = ["Sources", "Sources/A", "Sources/A/C", "Sources/D", "Tests/ATests"]
        #expect(
            Layout.targetViolations(manifest, folders).map(\.path)
                == ["Sources/B", "Sources/D", "Tests/BTests"])
        let complete = ["Sources/A", "Sources/B", "Sources/CLinux", "Tests/ATests", "Tests/BTests"]
        #expect(Layout.targetViolations(manifest, complete).isEmpty)
    }

    @Test func `finds strangers and gaps at the top level`() {
        let required = [
            "Package.swift", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md",
            ".swift-format",
        ]
        #expect(Layout.topLevelViolations(required + ["Sources"]).isEmpty)
        #expect(Layout.topLevelViolations(required + ["notes.txt"]).map(\.path) == ["notes.txt"])
        #expect(Layout.topLevelViolations(Array(required.dropFirst())).count == 1)
    }

    @Test func `finds names that say nothing`() {
        #expect(
            Layout.nameViolations(["Sources/A/Utils", "Sources/A/Helpers.swift", "Tests/a b.md"])
                .count == 3)
        #expect(Layout.nameViolations(["Sources/A/Renewal.swift", "configs/sweeps"]).isEmpty)
    }

    @Test func `asks for the run bit of scripts`() {
        #expect(ScriptLints.needsRunBit("scripts/test", "#!/usr/bin/env bash"))
        #expect(!ScriptLints.needsRunBit("scripts/peers/measure.py", "import os"))
        #expect(!ScriptLints.needsRunBit("Sources/A.swift", "#!"))
    }

    @Test func `hears what shellcheck says`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "tidy-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("#!/usr/bin/env bash\necho $1\n".utf8).write(to: folder.appending(path: "bad"))
        try Data("#!/usr/bin/env bash\necho \"$1\"\n".utf8).write(
            to: folder.appending(path: "good"))
        let failure = #expect(throws: ChildProcess.Failure.self) {
            try ScriptLints.shellcheck(["good", "bad"], in: folder.path)
        }
        #expect(failure?.description.contains("SC2086") == true)
        #expect(throws: Never.self) { try ScriptLints.shellcheck(["good"], in: folder.path) }
    }
}
