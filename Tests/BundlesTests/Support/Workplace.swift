import Bundles
import Foundation
import Glibc

/// A folder of a test, removed at its end.
struct Workplace: ~Copyable {
    /// A command that failed.
    struct Failure: Error {
        var words: [String]
        var status: Int32
    }

    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "bundles-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What is left of a test is in the directory of temporary files.
        try? FolderRemoval.remove(path)
    }

    subscript(name: String) -> String { path + "/" + name }

    /// Makes a file with the folders above it.
    func write(_ name: String, _ text: String = "x", mode: Int = 0o644) throws {
        try write(name, bytes: Array(text.utf8), mode: mode)
    }

    func write(_ name: String, bytes: [UInt8], mode: Int = 0o644) throws {
        let url = URL(filePath: self[name])
        try makeFolder(url.deletingLastPathComponent().path)
        try Data(bytes).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    func folder(_ name: String) throws { try makeFolder(self[name]) }

    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: self[name], withDestinationPath: target)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self[name]) }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: self[name])), as: UTF8.self)
    }

    /// The names directly in a folder.
    func names(in name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self[name]).sorted()
    }

    /// A line for each thing in a folder: kind, mode, name, and a link's target.
    func tree(_ name: String) throws -> [String] {
        let text = try run([
            "find", self[name], "-mindepth", "1", "(", "-type", "l", "-printf", "l %P > %l\\n",
            "-o", "-printf", "%y %m %P\\n", ")",
        ])
        return text.split(separator: "\n").map(String.init).sorted()
    }

    /// Runs a program of the system and returns what it prints.
    @discardableResult
    func run(_ words: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(words: words, status: process.terminationStatus)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs git in the folder `name`, as somebody who has not configured anything.
    @discardableResult
    func git(_ words: String..., in name: String = "code") throws -> String {
        let identity = [
            "GIT_CONFIG_GLOBAL=/dev/null", "git", "-C", self[name], "-c", "user.name=cook", "-c",
            "user.email=cook@localhost", "-c", "init.defaultBranch=main", "-c",
            "protocol.file.allow=always",
        ]
        return try run(identity + words)
    }

    /// Puts the folder `name` under git with everything in it committed.
    func commitAll(in name: String = "code") throws {
        try git("init", "--quiet", in: name)
        try git("add", "--all", in: name)
        try git("commit", "--quiet", "--message", "first", in: name)
    }
}

/// Makes a socket at `path`.
func makeSocket(_ path: String) throws {
    let script =
        "import socket,sys,os; os.chdir(os.path.dirname(sys.argv[1])); "
        + "socket.socket(socket.AF_UNIX).bind(os.path.basename(sys.argv[1]))"
    try Workplace().run(["python3", "-c", script, path])
}

/// Makes a named pipe at `path`.
func makePipe(_ path: String) -> Bool { unsafe mkfifo(path, 0o600) == 0 }
