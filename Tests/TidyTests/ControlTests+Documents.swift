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
        ("var a: [[Int: Int]]; for x in a { f(x) }", 0),
        ("var a: [Int: Int]; if let x = a[1] { for y in x.list { f(y) } }", 0),
    ])
    func `finds loops in no certain order`(snippet: String, count: Int) {
        let violations = Iteration.violations(in: [("Sources/Search/A.swift", snippet)])
        #expect(violations.count == count, "\(violations)")
    }

    @Test func `knows the dictionaries of the target's other files`() {
        let state = ("Sources/Search/State.swift", "struct State { var leases: [Int: Int] }")
        let step = ("Sources/Search/Step.swift", "for (id, _) in state.leases { end(id) }")
        #expect(Iteration.violations(in: [state, step]).map(\.path) == [step.0])
        // The name is an array elsewhere: then only the declaring file is sure of it.
        let other = ("Sources/Search/Other.swift", "var leases: [Int]")
        #expect(Iteration.violations(in: [state, step, other]).isEmpty)
    }

    @Test func `reads the manifest`() {
        let manifest = Manifest(
            """
            let deque: Target.Dependency = .product(name: "DequeModule", package: "collections")
            func ring(_ name: String) { .testTarget(name: "\\(name)Tests") }
            let all = [
                ring("A"), ring("B", ["A", deque]), ring("C", ["B"], testedWith: nil),
                .executableTarget(name: "d", dependencies: ["C", deque]),
                .testTarget(name: "TidyTests"),
            ]
            """)
        #expect(manifest.targets.map(\.name) == ["A", "B", "C", "d"])
        #expect(
            manifest.targets.map(\.dependencies)
                == [[], ["A", "DequeModule"], ["B"], ["C", "DequeModule"]])
        #expect(manifest.tested == ["A", "B", "Tidy"])
    }

    @Test func `finds targets without folders and folders without targets`() {
        let manifest = Manifest("[ring(\"A\"), ring(\"B\")]")
        let folders = ["Sources", "Sources/A", "Sources/A/C", "Sources/D", "Tests/ATests"]
        #expect(
            Layout.targetViolations(manifest, folders).map(\.path)
                == ["Sources/B", "Sources/D", "Tests/BTests"])
        #expect(
            Layout.targetViolations(
                manifest,
                ["Sources/A", "Sources/B", "Tests/ATests"]
                    + ["Tests/BTests", "Sources/CLinux"]
            ).isEmpty)
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
        #expect(try Shellcheck.report(on: ["bad"], in: folder.path).contains("SC2086"))
        #expect(try Shellcheck.report(on: ["good"], in: folder.path) == "")
    }
}
