import API
import Client
import Foundation

/// The executable `picoml`, which is built beside the tests.
var executablePath: String {
    let tests = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: tests).deletingLastPathComponent()
        .appendingPathComponent("picoml").path
}

/// Runs `body` with a new folder and removes it.
func inTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// Runs `body` with a new folder and removes it.
func inTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

private func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("picoml-client-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}

/// Writes a coordinator's token file into the state folder `folder`; gives its path.
@discardableResult
func writeToken(_ token: String, in folder: String, mode: Int = 0o600) throws -> String {
    try FileManager.default.createDirectory(
        atPath: "\(folder)/coordinator", withIntermediateDirectories: true)
    let path = "\(folder)/coordinator/token"
    try Data((token + "\n").utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
}

/// Writes what a coordinator at `address` leaves in its state folder.
func writeState(_ address: String, in folder: String) throws {
    try writeToken("secret", in: folder)
    try Data(#"{"address":"\#(address)"}"#.utf8)
        .write(to: URL(fileURLWithPath: "\(folder)/coordinator/http.json"))
}

extension ScriptedServer {
    /// A client for this server that does not wait between its tries.
    var client: CoordinatorClient {
        CoordinatorClient(Access(address: address, token: "secret"), pauses: [0.001, 0.001])
    }
}

extension ScriptedServer.Response {
    /// `value` as a coordinator writes it.
    static func value(_ value: some Encodable, status: Int = 200) -> Self {
        guard let bytes = try? APICoding.encode(value) else { return .hangUp }
        return .json(String(decoding: bytes, as: UTF8.self), status: status)
    }
}
