import Foundation
import Glibc
import Testing
import WorkerDaemon

struct SpareFolderTests {
    private final class Trials {
        let path = "/tmp/picoml-spare-\(UUID().uuidString)"

        init() throws {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            // A folder that is left behind in the system's temporary folder fails no test.
            try? FileManager.default.removeItem(atPath: path)
        }

        /// A folder as a trial gets it.
        func make(_ name: String) throws -> String {
            let folder = "\(path)/\(name)"
            for part in ["", "/tmp", "/checkpoint"] {
                try #require(unsafe mkdir(folder + part, 0o700) == 0)
            }
            let log = unsafe open(folder + "/log.txt", O_WRONLY | O_CREAT, 0o600)
            try #require(log >= 0)
            close(log)
            return folder
        }

        func write(_ name: String) throws {
            try Data("x".utf8).write(to: URL(filePath: "\(path)/\(name)"))
        }

        var names: [String] {
            get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
        }
    }

    @Test func `a folder in which nothing was left is that of the next trial`() throws {
        let trials = try Trials()
        let spares = SpareFolders()
        #expect(spares.offer(try trials.make("1")))
        #expect(spares.take(as: trials.path + "/2"))
        #expect(try trials.names == ["2"])
        #expect(!spares.take(as: trials.path + "/3"))
    }

    @Test(arguments: [
        "echo line >> log.txt", "touch model.bin", "touch tmp/x", "mkdir checkpoint/a",
        "rmdir tmp", "rm log.txt", "rmdir tmp && ln -s checkpoint tmp", "chmod 755 .",
        "chmod 500 tmp", "chmod 644 log.txt", "ln log.txt ../second",
        "rm log.txt && ln -s /dev/null log.txt", "rm log.txt && mkfifo -m 600 log.txt",
    ])
    func `a folder that a trial changed is not`(change: String) throws {
        let trials = try Trials()
        let folder = try trials.make("1")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", change]
        shell.currentDirectoryURL = URL(filePath: folder)
        try shell.run()
        shell.waitUntilExit()
        try #require(shell.terminationStatus == 0)
        #expect(!SpareFolders().offer(folder))
    }

    @Test func `neither is one that is a link, or gone`() throws {
        let trials = try Trials()
        let folder = try trials.make("1")
        try #require(unsafe symlink(folder, trials.path + "/link") == 0)
        #expect(!SpareFolders().offer(trials.path + "/link"))
        #expect(!SpareFolders().offer(trials.path + "/absent"))
    }

    @Test func `what was brought for a trial stays in its folder`() throws {
        let trials = try Trials()
        let spares = SpareFolders()
        #expect(spares.offer(try trials.make("1")))
        _ = try trials.make("2")
        try trials.write("2/checkpoint/state")
        #expect(!spares.take(as: trials.path + "/2"))
        #expect(try trials.names == ["2"])
        #expect(FileManager.default.fileExists(atPath: trials.path + "/2/checkpoint/state"))
    }

    @Test func `a trial of the same number gets the very same folder`() throws {
        let trials = try Trials()
        let spares = SpareFolders()
        for name in ["1", "2"] { #expect(spares.offer(try trials.make(name))) }
        #expect(spares.take(as: trials.path + "/1"))
        #expect(spares.take(as: trials.path + "/3"))
        #expect(try trials.names == ["1", "3"])
    }

    @Test func `with their process they go, and no more are taken over`() throws {
        let trials = try Trials()
        let spares = SpareFolders()
        for number in 0..<40 { _ = spares.offer(try trials.make("\(number)")) }
        spares.close()
        #expect(try trials.names.count == 8)
        #expect(!spares.offer(try trials.make("late")))
        #expect(!spares.take(as: trials.path + "/next"))
    }
}
