/// Which target may import what: the house as CONTRIBUTING.md describes it, as data.
///
/// A target may depend only on targets in rows above its own, so no arrow goes against the
/// direction of the house.
enum House {
    struct Row: Sendable {
        var target: String
        /// Other targets of this package.
        var targets: [String]
        /// Products of other packages, by their modules' names.
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
        Row(target: "Processes", targets: ["CLinux"]),
        Row(target: "Hashing", targets: ["CSodium", "Vocabulary"]),
        Row(target: "Supervision", targets: [], modules: ["Logging"]),
        Row(
            target: "Wire", targets: ["Vocabulary", "Registry", "Scheduling"],
            modules: ["SwiftProtobuf"]),
        Row(target: "ConfigurationFiles", targets: ["Vocabulary"], modules: ["Yams"]),
        Row(target: "Datasets", targets: ["Vocabulary"]),
        Row(target: "Bundles", targets: ["CArchive", "Vocabulary", "Hashing"]),
        Row(target: "python", targets: []),
        Row(
            target: "Tracking", targets: ["Vocabulary", "Hashing"],
            modules: [
                "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore", "NIOPosix",
            ]),
        Row(
            target: "Trainers",
            targets: [
                "CXGBoost", "CLinux", "Vocabulary", "Datasets", "Hashing", "Processes", "Tracking",
            ]),
        Row(
            target: "Storage",
            targets: ["Vocabulary", "Registry", "Scheduling", "Wire", "Hashing"],
            modules: ["GRDB", "GRDBSQLite"]),
        Row(
            target: "CoordinatorDaemon",
            targets: [
                "ZeroMQ", "Vocabulary", "Search", "Registry", "Scheduling", "Wire", "Storage",
                "Hashing", "Datasets", "Supervision",
            ], modules: ["DequeModule", "Logging"]),
        Row(
            target: "WorkerDaemon",
            targets: [
                "CLinux", "ZeroMQ", "Vocabulary", "Execution", "Wire", "Hashing", "Bundles",
                "Processes", "Supervision", "Trainers", "python",
            ], modules: ["DequeModule", "Logging"]),
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
            targets: [
                "API", "Vocabulary", "Registry", "Hashing", "ConfigurationFiles", "Datasets",
                "Bundles", "Trainers",
            ]),
        Row(
            target: "Hosts",
            targets: [
                "API", "CLinux", "Client", "ConfigurationFiles", "Hashing", "Processes",
                "Vocabulary",
            ]),
        Row(
            target: "Simulator",
            targets: ["Vocabulary", "Search", "Registry", "Scheduling", "Execution"]),
        Row(
            target: "picoml",
            targets: [
                "API", "CLinux", "Client", "ConfigurationFiles", "CoordinatorDaemon", "Datasets",
                "Gateway", "Hashing", "Hosts", "Scheduling", "Simulator", "Storage", "Supervision",
                "Trainers", "Vocabulary", "Wire", "WorkerDaemon", "ZeroMQ",
            ], modules: ["ArgumentParser", "Logging"]),
    ]

    /// Modules of C, which stand below every row.
    static let libraries = ["CArchive", "CLibZMQ", "CLinux", "CSodium", "CXGBoost"]

    private static let operatingSystem = [
        "Dispatch", "Foundation", "FoundationEssentials", "FoundationNetworking", "Glibc",
        "Synchronization",
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
