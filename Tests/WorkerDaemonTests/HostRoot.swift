import Foundation

/// A folder that stands for the root of a host, which goes with the fixture.
final class HostRoot {
    let path = "/tmp/picoml-host-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
        for (file, text) in files {
            let url = URL(filePath: path + file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
    }

    func makeExecutable(_ file: String) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: path + file)
    }

    deinit {
        // A folder that is left behind in the system's temporary folder fails no test.
        try? FileManager.default.removeItem(atPath: path)
    }
}
