import Foundation
import Storage
import Testing

/// A folder that disappears with the test process.
///
/// Not with the value: Swift may end a value's life before the files in the folder are done with.
struct TemporaryFolder {
    private static let root: String = {
        let url = FileManager.default.temporaryDirectory.appending(
            path: "picoml-storage-\(ProcessInfo.processInfo.processIdentifier)")
        atexit { TemporaryFolder.removeAll() }
        return url.path
    }()

    let path: String

    init() throws {
        path = Self.root + "/" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    private static func removeAll() {
        // What cannot be removed stays for the system to clean up.
        try? FileManager.default.removeItem(atPath: root)
    }

    /// The coordinator's folder in it.
    func state(_ name: String = "state") throws -> StateFolder {
        try StateFolder(path + "/" + name)
    }
}

func mode(of path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
}

func bytes(of path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}
