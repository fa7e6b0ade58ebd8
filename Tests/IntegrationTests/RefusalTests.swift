import API
import Client
import Foundation
import Glibc
import Testing

/// Starts and commands that cannot work end with one clear message.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RefusalTests {
    @Test func `a port or a folder that is in use is named, and its owner is left alone`()
        async throws
    {
        try await Cluster.run { cluster in
            let first = try await cluster.startCoordinator()
            let free = "tcp://127.0.0.1:0"
            let control = try cluster.published("worker", "control")
            let http = try cluster.published("http", "address")

            let samePort = try await cluster.picoml(
                "coordinator", "--state", "other", "--control", control, "--artifacts", free,
                "--http", "127.0.0.1:0")
            #expect(samePort.code == 1)
            #expect(samePort.errors.contains(control), "\(samePort.errors)")
            #expect(samePort.errors.contains("something already listens there"))

            let sameHTTP = try await cluster.picoml(
                "coordinator", "--state", "other", "--control", free, "--artifacts", free,
                "--http", http)
            #expect(sameHTTP.code == 1)
            #expect(sameHTTP.errors.contains("is in use, perhaps by another coordinator"))

            let sameFolder = try await cluster.picoml(
                "coordinator", "--state", cluster.state, "--control", free, "--artifacts", free,
                "--http", "127.0.0.1:0")
            #expect(sameFolder.code == 1)
            #expect(sameFolder.errors.contains("is in use by process \(first.id)"))

            let worker = try await cluster.startWorker("w1")
            let twin = try await cluster.picoml(
                "worker", "run", "--state", "w1", "--coordinator",
                "state/coordinator/worker.json")
            #expect(twin.code == 1)
            #expect(twin.errors.contains("another worker uses"))
            #expect(first.isRunning && worker.isRunning)
            #expect(try await cluster.client().health().status == "ok")
        }
    }

    @Test func `a state folder of a newer version is refused and left as it is`() async throws {
        try await Cluster.run { cluster in
            let first = try await cluster.startCoordinator()
            first.send(SIGTERM)
            try await first.end()
            let path = "\(cluster.state)/coordinator/picoml.sqlite"
            // What still stands in the write-ahead log would hide what follows.
            for suffix in ["-wal", "-shm"]
            where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
            // The header of an SQLite file keeps the application's version at byte 60.
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: 60)
            let version = Data([0, 0, 3, 231])
            try file.write(contentsOf: version)
            try file.close()

            let refused = try await cluster.picoml("coordinator", "--config", "coordinator.yaml")
            #expect(refused.code == 1)
            #expect(refused.errors.contains("was made by picoml with schema 999"))
            #expect(refused.errors.contains("upgrade picoml"))
            #expect(try Data(contentsOf: URL(filePath: path))[60..<64] == version)
        }
    }

    @Test func `a wrong token ends with 77, an absent coordinator with 69`() async throws {
        try await Cluster.run { cluster in
            let coordinator = try await cluster.startCoordinator()
            try cluster.write(String(repeating: "x", count: 43), to: "wrong")
            _ = unsafe chmod("\(cluster.folder)/wrong", 0o600)
            let refused = try await cluster.picoml("sweep", "list", "--token-file", "wrong")
            #expect(refused.code == 77)
            #expect(refused.errors.contains("token"))
            #expect(refused.output.isEmpty)

            coordinator.kill9()
            let absent = try await cluster.picoml("sweep", "list")
            #expect(absent.code == 69)
            #expect(absent.errors.contains("No coordinator answers at"), "\(absent.errors)")
        }
    }
}
