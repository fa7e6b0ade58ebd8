import Foundation
import Storage
import Testing

struct StateFolderTests {
    @Test func `a missing folder is made with its parents for its owner alone`() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder(folder.path + "/a/b/c///")
        #expect(state.path == folder.path + "/a/b/c")
        #expect(try mode(of: state.path) == 0o700)
        #expect(try StateFolder(state.path) == state)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        #expect(throws: StorageError.self) { try StateFolder(folder.path + "/file") }
        #expect(throws: StorageError.self) { try StateFolder(folder.path + "/file/below") }
    }

    @Test func `a secret is read as it was written, by the owner alone`() throws {
        let state = try TemporaryFolder().state()
        #expect(try state.readSecret("server.key") == nil)
        try state.writeSecret("server.key", [1, 2, 3])
        #expect(try state.readSecret("server.key") == [1, 2, 3])
        try state.writeSecret("server.key", Array(repeating: 7, count: 5000))
        #expect(try state.readSecret("server.key") == Array(repeating: 7, count: 5000))
        #expect(try mode(of: state.secretsPath) == 0o700)
        #expect(try mode(of: state.secretsPath + "/server.key") == 0o600)
        let names = try FileManager.default.contentsOfDirectory(atPath: state.secretsPath)
        #expect(names == ["server.key"])
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o666])
    func `a secret that others can get at is refused with the remedy`(mode: Int) throws {
        let state = try TemporaryFolder().state()
        try state.writeSecret("key", [1])
        let path = state.secretsPath + "/key"
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: StorageError.self) { try state.readSecret("key") }
        #expect(error == .insecure(path: path, mode: UInt32(mode)))
        #expect(error?.description.hasSuffix("chmod 600 \(path)") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        #expect(try state.readSecret("key") == [1])
    }

    @Test(arguments: ["", ".", "..", "../key", "a/b", ".hidden", "a b", "ü", "a\0b"])
    func `a name that is more than a file name is refused`(name: String) throws {
        let state = try TemporaryFolder().state()
        #expect(throws: StorageError.invalidName(name)) { try state.writeSecret(name, [1]) }
        #expect(throws: StorageError.invalidName(name)) { try state.readSecret(name) }
    }

    @Test func `a crash while a secret is written leaves the old one`() throws {
        let state = try TemporaryFolder().state()
        try state.writeSecret("key", [1])
        // What such a crash leaves behind.
        try Data([9]).write(to: URL(fileURLWithPath: state.secretsPath + "/key.new"))
        #expect(try state.readSecret("key") == [1])
        try state.writeSecret("key", [2])
        #expect(try state.readSecret("key") == [2])
    }
}
