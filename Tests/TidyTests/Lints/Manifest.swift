import Foundation

/// What Package.swift declares, as `swift package dump-package` writes it.
struct Manifest: Decodable {
    struct Target: Decodable {
        var name: String
        var type: String
        var dependencies: [Dependency]
    }

    /// Another target, or a product of another package; its name stands first in a list that
    /// has other things in it.
    struct Dependency: Decodable {
        var name: String

        private enum Kind: String, CodingKey, CaseIterable {
            case byName, target, product
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Kind.self)
            guard let kind = Kind.allCases.first(where: container.contains) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "no known dependency"))
            }
            var list = try container.nestedUnkeyedContainer(forKey: kind)
            name = try list.decode(String.self)
        }
    }

    var targets: [Target]

    /// The manifest of the package in `folder`.
    static func read(in folder: String) throws -> Manifest {
        // A scratch folder of its own: the one of the package is locked while its tests run.
        let scratch = FileManager.default.temporaryDirectory.path + "/tidy-manifest"
        let arguments = ["swift", "package", "--package-path", folder, "--scratch-path", scratch]
        let text = try ChildProcess.output(of: arguments + ["dump-package"], in: folder)
        return try JSONDecoder().decode(Manifest.self, from: Data(text.utf8))
    }

    /// What the target called `name` depends on; nil when there is no such target.
    func dependencies(of name: String) -> Set<String>? {
        targets.first { $0.name == name }.map { Set($0.dependencies.map(\.name)) }
    }

    /// The names of targets with Swift code that are no tests.
    var sources: [String] {
        targets.filter { $0.type != "system" && $0.type != "test" }.map(\.name)
            .filter { !House.libraries.contains($0) }
    }

    /// The names of targets that are tests.
    var tests: [String] { targets.filter { $0.type == "test" }.map(\.name) }
}

/// A program of the host that a test asks.
enum ChildProcess {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// What the program writes to standard output.
    ///
    /// - Throws: `Failure` with both outputs when it does not end with 0.
    static func output(of arguments: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: bytes, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: "\(arguments[0]) ended with \(process.terminationStatus): \(text)")
        }
        return text
    }
}
