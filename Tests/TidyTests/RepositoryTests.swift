import Testing

/// The repository as it lies here keeps its own rules.
@Suite struct `The repository` {
    private let repository = Repository.current

    static let lints =
        SizeLints.all + BannedCalls.all + Docstrings.all + [House.imports] + TextLints.all
        + ScriptLints.all

    @Test(arguments: lints)
    func `keeps the rule that`(_ lint: Lint) {
        expectNone(repository.violations(of: lint))
    }

    @Test func `is seen by the lints`() {
        #expect(repository.files.count { Place.isSource($0.path) } > 100)
        #expect(repository.files.count { Place.isPure($0.path) } > 30)
        #expect(repository.text(at: "Package.swift") != nil)
    }

    @Test func `decides nothing by the order of a dictionary or set`() {
        let files = repository.files.filter { Place.isPure($0.path) }
        expectNone(Iteration.violations(in: files.map { ($0.path, $0.text) }))
    }

    @Test func `declares the imports of the house`() throws {
        let manifest = try Manifest.read(in: repository.root)
        #expect(manifest.sources.sorted() == House.rows.map(\.target).sorted())
        for row in House.rows {
            let allowed = Set(row.targets + row.modules)
            #expect(manifest.dependencies(of: row.target) == allowed, "of \(row.target)")
        }
    }

    @Test func `has no arrow against the direction of the house`() {
        var above = Set(House.libraries)
        for row in House.rows {
            #expect(Set(row.targets).isSubset(of: above), "\(row.target) reaches below itself")
            above.insert(row.target)
        }
        for row in House.rows where Place.pureRing.contains(row.target) {
            #expect(!row.isOuter)
            #expect(Set(row.targets).isSubset(of: Place.pureRing))
            #expect(Set(row.modules).isSubset(of: ["DequeModule"]))
        }
    }

    @Test func `has a target for every folder and a folder for every target`() throws {
        let manifest = try Manifest.read(in: repository.root)
        expectNone(Layout.targetViolations(manifest, repository.folders))
    }

    @Test func `has nothing at the top level beyond what belongs there`() {
        expectNone(Layout.topLevelViolations(repository.topLevel))
    }

    @Test func `has names that say something`() {
        expectNone(Layout.nameViolations(repository.folders + repository.files.map(\.path)))
    }

    @Test func `has scripts that can be run`() {
        let scripts = repository.files.filter { ScriptLints.needsRunBit($0.path, $0.text) }
        #expect(scripts.count > 5)
        expectNone(
            scripts.filter { !$0.isExecutable }.map {
                Violation(path: $0.path, line: 1, message: "no run bit")
            })
    }

    @Test func `has scripts that shellcheck accepts`() throws {
        let scripts = repository.files.filter { ScriptLints.isScript($0.text) }.map(\.path)
        #expect(scripts.count > 5)
        #expect(throws: Never.self) {
            try ScriptLints.shellcheck(scripts, in: repository.root)
        }
    }

    @Test func `mentions every configuration file`() {
        let configurations = repository.files.map(\.path).filter {
            $0.hasPrefix("configs/") && $0.hasSuffix(".yaml")
        }
        for path in configurations {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            #expect(
                repository.files.contains { $0.path != path && $0.text.contains(name) },
                "nothing mentions \(path)")
        }
    }

    private func expectNone(
        _ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard !violations.isEmpty else { return }
        let report = violations.map(\.description).joined(separator: "\n")
        Issue.record("\(report)", sourceLocation: sourceLocation)
    }
}
