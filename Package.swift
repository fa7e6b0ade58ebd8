// swift-tools-version: 6.2
import PackageDescription

// One loop at the end applies these to every target, so that no target can fall behind.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let sqlite: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "GRDBSQLite", package: "GRDB.swift"),
]
let server: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let http = server + [.product(name: "NIOHTTPTypes", package: "swift-nio-extras")]
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A library target and, unless told otherwise, its tests.
func ring(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
    hasTests: Bool = true, testedWith tools: [Target.Dependency] = [],
    testExclude: [String] = []
) -> [Target] {
    let target = Target.target(name: name, dependencies: dependencies, exclude: exclude)
    guard hasTests else { return [target] }
    let test = Target.testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + tools,
        exclude: testExclude)
    return [target, test]
}

// One by one: what an interpreter leaves beside them is not to be embedded.
let pythonFiles = [
    "__init__.py", "_channel.py", "_context.py", "_files.py", "_http.py", "_params.py",
    "_process.py", "_running.py", "_trial.py", "_values.py", "_warm.py", "client.py", "py.typed",
    "space.py",
]

let pythonTests = [
    "support.py", "test_client.py", "test_limits.py", "test_space.py", "test_stopping.py",
    "test_trial.py", "test_trial_world.py", "test_warm_fork.py", "test_warm_reuse.py",
]

let systemLibraries: [Target] = [
    .systemLibrary(name: "CLibZMQ", providers: [.apt(["libzmq3-dev"])]),
    .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CXGBoost", providers: [.apt(["libxgboost-dev"])]),
    .systemLibrary(name: "CArchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "CLinux"),
]

// Decides: plain values, no clock, no randomness of its own, no input or output.
let pureRing: [Target] = [
    ring("Vocabulary"),
    ring("Search", ["Vocabulary"]),
    ring("Registry", ["Vocabulary"]),
    ring("Scheduling", ["Vocabulary", "Search", "Registry", collections]),
    ring("Execution", ["Vocabulary", collections]),
].flatMap { $0 }

// Does: threads, sockets, disks, processes, HTTP. Decides nothing.
let outerRing: [Target] = [
    ring("ZeroMQ", ["CLibZMQ", "CLinux"]),
    ring("Processes", ["CLinux"], hasTests: false),
    ring("Hashing", ["CSodium", "Vocabulary"]),
    ring("Supervision", [logging]),
    ring(
        "Wire", ["Vocabulary", "Registry", "Scheduling", protobuf], exclude: ["Schema"],
        testExclude: ["Golden"]),
    ring("ConfigurationFiles", ["Vocabulary", yaml]),
    ring("Datasets", ["Vocabulary"]),
    ring("Bundles", ["CArchive", "Vocabulary", "Hashing"]),
    [
        // The package's files become a part of the program.
        .target(
            name: "python", exclude: ["pyproject.toml"], sources: ["PythonPackage.swift"],
            resources: pythonFiles.map { .embedInCode("picoml/\($0)") }),
        .testTarget(
            name: "pythonTests", dependencies: ["python"], exclude: pythonTests),
    ],
    ring("Tracking", ["Vocabulary", "Hashing", logging] + server),
    ring(
        "Trainers",
        ["CXGBoost", "CLinux", "Vocabulary", "Datasets", "Hashing", "Processes", "Tracking"]),
    ring(
        "Storage", ["Vocabulary", "Registry", "Scheduling", "Wire", "Hashing"] + sqlite,
        testExclude: ["Golden"]),
    ring(
        "CoordinatorDaemon",
        [
            "ZeroMQ", "Vocabulary", "Search", "Registry", "Scheduling", "Wire", "Storage",
            "Hashing", "Datasets", "Supervision", collections, logging,
        ], hasTests: false),
    ring(
        "WorkerDaemon",
        [
            "CLinux", "ZeroMQ", "Vocabulary", "Execution", "Wire", "Hashing", "Bundles",
            "Processes", "Supervision", "Trainers", "python", collections, logging,
        ]),
    ring("API", ["Vocabulary", "Registry"]),
    ring(
        "Gateway",
        [
            "API", "Vocabulary", "Registry", "Scheduling", "Storage", "Hashing",
            "ConfigurationFiles", logging,
        ] + http, testedWith: ["Search"]),
    ring(
        "Client",
        [
            "API", "Vocabulary", "Registry", "Hashing", "ConfigurationFiles", "Datasets", "Bundles",
            "Trainers",
        ], testedWith: ["picoml", arguments], testExclude: ["Snapshots"]),
    [
        // The script and the unit become a part of the program.
        .target(
            name: "Hosts",
            dependencies: [
                "API", "CLinux", "Client", "ConfigurationFiles", "Hashing", "Processes",
                "Vocabulary",
            ],
            resources: [.embedInCode("host.sh"), .embedInCode("picoml-worker.service")]),
        .testTarget(
            name: "HostsTests",
            dependencies: ["Hosts", "Client", "ConfigurationFiles", "Vocabulary"]),
    ],
    ring("Simulator", ["Vocabulary", "Search", "Registry", "Scheduling", "Execution"]),
].flatMap { $0 }

let executable: [Target] = [
    .executableTarget(
        name: "picoml",
        dependencies: [
            "API", "CLinux", "Client", "ConfigurationFiles", "CoordinatorDaemon", "Datasets",
            "Gateway", "Hashing", "Hosts", "Scheduling", "Simulator", "Storage", "Supervision",
            "Trainers", "Vocabulary", "Wire", "WorkerDaemon", "ZeroMQ", arguments, logging,
        ]),
    .testTarget(name: "TidyTests"),
    .testTarget(
        name: "IntegrationTests",
        dependencies: [
            "picoml", "API", "CLinux", "Client", "Vocabulary", "Wire", "ZeroMQ", "Hashing",
        ]),
]

let package = Package(
    name: "picoml",
    products: [.executable(name: "picoml", targets: ["picoml"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Its configuration and full-Foundation traits cost compile time and are not used.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: systemLibraries + pureRing + outerRing + executable
)

for target in package.targets where target.type != .system && target.name != "CLinux" {
    target.swiftSettings = settings
}
