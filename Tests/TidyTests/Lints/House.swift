/// Which target may import what: the house as CONTRIBUTING.md describes it, as data.
///
/// A target may depend only on targets in rows above its own, so no arrow goes against the
/// direction of the house.
enum House {
    struct Row: Sendable {
        var target: String
        /// Other targets of this package.
        var targets: [String]
        /// Modules of other packages; the first of a product is declared, the rest come with it.
        var modules: [String] = []
        /// Whether it may use the operating system.
        var isOuter = true
    }

    static let rows: [Row] = [
        Row(target: "Vocabulary", targets: [], isOuter: false),
        Row(target: "Search", targets: ["Vocabulary"], isOuter: false),
        Row(target: "Registry", targets: ["Vocabulary"], isOuter: false),
        Row(
            target: "Scheduling", targets: ["Vocabulary", "Search", "Registry"],
            modules: ["DequeModule"], isOuter: false),
        Row(
            target: "Execution", targets: ["Vocabulary"], modules: ["DequeModule"], isOuter: false),
        Row(target: "ZeroMQ", targets: ["CLibZMQ", "CLinux"]),
        Row(target: "Hashing", targets: ["CSodium", "Vocabulary"]),
        Row(
            target: "Wire", targets: ["Vocabulary", "Registry", "Scheduling"],
            modules: ["SwiftProtobuf"]),
        Row(target: "ConfigurationFiles", targets: ["Vocabulary"], modules: ["Yams"]),
        Row(target: "Datasets", targets: ["Vocabulary"]),
        Row(target: "Trainers", targets: ["CXGBoost", "CLinux", "Vocabulary", "Datasets"]),
        Row(
            target: "Storage",
            targets: ["Vocabulary", "Registry", "Scheduling", "Wire", "Hashing"],
            modules: ["GRDB", "GRDBSQLite"]),
        Row(
            target: "CoordinatorDaemon",
            targets: [
                "CLinux", "ZeroMQ", "Vocabulary", "Search", "Registry", "Scheduling", "Wire",
                "Storage", "Hashing",
            ], modules: ["Logging"]),
        Row(
            target: "WorkerDaemon",
            targets: [
                "CLinux", "ZeroMQ", "Vocabulary", "Execution", "Wire", "Hashing", "Trainers",
            ], modules: ["Logging"]),
        Row(target: "API", targets: ["Vocabulary", "Registry"]),
        Row(
            target: "Gateway",
            targets: [
                "API", "Vocabulary", "Registry", "Scheduling", "Storage", "Hashing",
                "ConfigurationFiles",
            ],
            modules: [
                "Hummingbird", "Logging", "HummingbirdCore", "HTTPTypes", "NIOCore",
                "NIOHTTPTypes", "NIOPosix",
            ]),
        Row(
            target: "Client",
            targets: ["API", "Vocabulary", "Registry", "ConfigurationFiles", "Datasets"]),
        Row(
            target: "Simulator",
            targets: ["Vocabulary", "Search", "Registry", "Scheduling", "Execution"]),
        Row(
            target: "picoml",
            targets: [
                "API", "Client", "ConfigurationFiles", "CoordinatorDaemon", "Datasets", "Gateway",
                "Simulator", "Storage", "Trainers", "Vocabulary", "WorkerDaemon", "ZeroMQ",
            ], modules: ["ArgumentParser", "Logging"]),
    ]

    /// Modules of C, which stand below every row.
    static let libraries = ["CLibZMQ", "CLinux", "CSodium", "CXGBoost"]

    private static let operatingSystem = [
        "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc",
        "Synchronization",
    ]
    /// Modules that come with a product that the manifest declares.
    static let companions: Set<String> = [
        "GRDBSQLite", "HummingbirdCore", "HTTPTypes", "NIOCore", "NIOHTTPTypes", "NIOPosix",
    ]

    static let imports = Lint(
        name: "a target imports only what the house allows", covers: Place.isSource
    ) { path, text in
        guard let name = Place.target(of: path) else { return [] }
        guard let row = rows.first(where: { $0.target == name }) else {
            return [Violation(path: path, line: 1, message: "the house has no target \(name)")]
        }
        let allowed = row.targets + row.modules + (row.isOuter ? operatingSystem : [])
        return imported(in: text).filter { !allowed.contains($0.module) }.map {
            Violation(path: path, line: $0.line, message: "\(name) may not import \($0.module)")
        }
    }

    /// The modules that `text` imports.
    static func imported(in text: String) -> [(module: String, line: Int)] {
        let code = Tokenizer.tokens(of: text).code
        let kinds: Set<String> = [
            "struct", "class", "enum", "protocol", "func", "var", "typealias",
        ]
        return code.indices.compactMap { position in
            guard code[position].is("import"), position + 1 < code.count,
                position == 0 || !code[position - 1].is(".")
            else { return nil }
            let next = kinds.contains(code[position + 1].text) ? position + 2 : position + 1
            guard next < code.count, code[next].kind == .word else { return nil }
            return (code[next].text, code[position].line)
        }
    }
}

/// What Package.swift declares, read from its text.
struct Manifest {
    /// The dependencies of each target, by name, in the order of the file.
    private(set) var targets: [(name: String, dependencies: Set<String>)] = []
    /// The names of targets that have tests.
    private(set) var tested: Set<String> = []

    /// Reads calls of `ring` and of the target functions; products go by their declared constants.
    init(_ text: String) {
        let code = Tokenizer.tokens(of: text).code
        let products = Self.products(in: code)
        for position in code.indices where code.matches(["("], at: position + 1) {
            guard code[position].kind == .word, position == 0 || !code[position - 1].is("func"),
                let close = code.closing(position + 1)
            else { continue }
            let call = code[(position + 2)..<close]
            let kind = code[position].text
            guard ["ring", "executableTarget", "testTarget"].contains(kind),
                let name = call.first(where: { $0.kind == .text })?.text,
                // The declaration of `ring` itself builds its names.
                code[(position + 2)..<min(position + 5, close)].contains(where: {
                    $0.kind == .text && $0.text == name
                }), !name.isEmpty
            else { continue }
            guard kind != "testTarget" else {
                tested.insert(String(name.dropLast("Tests".count)))
                continue
            }
            targets.append((name, Self.dependencies(in: call, products)))
            let isTested = !zip(call, call.dropFirst(2)).contains {
                $0.is("testedWith") && $1.is("nil")
            }
            if kind == "ring", isTested { tested.insert(name) }
        }
    }

    private static func dependencies(
        in call: ArraySlice<Token>, _ products: [String: String]
    ) -> Set<String> {
        guard let open = call.firstIndex(where: { $0.is("[") }) else { return [] }
        // Labels such as `exclude:` begin a list that holds no dependencies.
        let label = call[..<open].last { $0.kind == .word }?.text
        guard label == nil || label == "dependencies" else { return [] }
        let list = call[open...].prefix { !$0.is("]") }
        return Set(
            list.compactMap { token in
                switch token.kind {
                case .text: token.text
                case .word: products[token.text]
                default: nil
                }
            })
    }

    /// The product's name of each constant `let name: Target.Dependency = .product(name: "…"`.
    private static func products(in code: [Token]) -> [String: String] {
        var products: [String: String] = [:]
        for position in code.indices
        where code.matches([":", "Target", ".", "Dependency", "=", ".", "product"], at: position) {
            let name = code[position...].first { $0.kind == .text }?.text
            products[code[position - 1].text] = name
        }
        return products
    }
}
