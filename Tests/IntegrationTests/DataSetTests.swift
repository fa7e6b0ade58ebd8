import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary

/// Data sets with real processes: added, brought to workers, and found by trials.
@Suite(.timeLimit(.minutes(4))) struct DataSetTests {
    /// Bytes that do not repeat, so that no chunk is like another.
    static func noise(_ count: Int, seed: UInt64 = 1) -> Data {
        var random = RandomSource(seed: seed)
        var data = Data(capacity: count + 8)
        while data.count < count {
            let word = random.next()
            data.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) })
        }
        return data.prefix(count)
    }

    private func add(_ name: String, _ path: String, to cluster: Cluster) async throws
        -> DataSetDocument
    {
        let added = try await cluster.picoml("data", "add", name, path, "--json")
        try #require(added.code == 0, "\(added.errors)")
        return try APICoding.decode(DataSetDocument.self, from: Array(added.output.utf8))
    }

    /// A sweep whose trials report how many bytes `words` counts.
    private func submit(
        _ data: String, _ words: String, trials: Int = 1, on cluster: Cluster
    ) async throws -> SweepSelector {
        try cluster.writeCode("# nothing\n", to: "empty.sh")
        return try await cluster.submitProgram(
            """
            trainer: command
            command: [sh, -c, 'echo "loss=$(\(words))"']
            metrics_from: output
            data: \(data)
            """, trials: trials)
    }

    @Test func `trials find the folder and the file that were added, as they were`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.startWorker("oven")
            try cluster.shell("mkdir -p set/deep && : > set/empty")
            try Self.noise(700_000).write(to: URL(filePath: "\(cluster.folder)/set/deep/large"))
            try cluster.write("small\n", to: "set/small")
            try cluster.write("1,2\n3,4\n", to: "rows.csv")
            let folder = try await add("folder", "set", to: cluster)
            #expect(folder.fileCount == 3)
            #expect(folder.byteCount == 700_006)
            _ = try await add("rows", "rows.csv", to: cluster)
            // What was there when it was added counts, not what is there now.
            try cluster.write("changed\n", to: "rows.csv")

            let counted = try await submit(
                "folder", #"find "${data.path}" -type f -exec cat {} + | wc -c"#, on: cluster)
            let rows = try await submit(
                "rows", #"case $PICOML_DATA in */rows.csv) wc -l < $PICOML_DATA;; esac"#,
                on: cluster)
            for (sweep, value) in [(counted, 700_006.0), (rows, 2.0)] {
                let ended = try await cluster.ended(sweep)
                #expect(ended.sweep.trials.succeeded == 1)
                let trial = try #require(try await cluster.trials(of: sweep).first)
                #expect(trial.objective == value)
            }
            let verified = try await cluster.picoml("data", "verify", "folder")
            #expect(verified.code == 0, "\(verified.errors)")
            let changed = try await cluster.picoml(
                "data", "verify", "rows", "--path", "\(cluster.folder)/rows.csv")
            #expect(changed.code == 1)
            #expect(changed.output.contains("rows.csv"))
        }
    }

    @Test func `an upload that was cut goes on where it stopped`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            let bytes = Self.noise(20 << 20)
            try bytes.write(to: URL(filePath: "\(cluster.folder)/large"))
            let client = try cluster.client()
            let prepared = try PreparedDataSet.read("\(cluster.folder)/large")
            let part = Array(bytes.prefix(5_000_000))
            let sent = try await client.store(
                part, at: 0, of: prepared.manifest.payload, total: UInt64(bytes.count))
            #expect(sent == 5_000_000)
            var told: [UInt64] = []
            _ = try await prepared.add(as: "large", at: nil, to: client) { done, _ in
                told.append(done)
            }
            #expect(told.first == 5_000_000)
            #expect(told.last == UInt64(bytes.count))
            let check = try await DataCheck.run(
                try #require(try await client.dataSets().dataSets.first), with: client)
            #expect(check.isSound)
        }
    }

    @Test func `a worker that was killed goes on with what it has`() async throws {
        try await Cluster.run { cluster in
            try await cluster.startCoordinator()
            try Self.noise(40 << 20).write(to: URL(filePath: "\(cluster.folder)/large"))
            let data = try await add("large", "large", to: cluster)
            // What a worker that was killed had: the manifest, and the first half of the file.
            let worker = try await cluster.startWorker("oven")
            let sweep = try await submit("large", "wc -c < $PICOML_DATA", on: cluster)
            _ = try await cluster.ended(sweep)
            worker.kill9()
            let shelf = "\(cluster.folder)/oven/data/\(data.digest)"
            try FileManager.default.removeItem(atPath: shelf + "/complete")
            try cluster.shell(
                """
                chmod u+w \(shelf)/content/large
                head -c 20971520 large > half && truncate -s 41943040 half
                cp half \(shelf)/content/large
                """)
            let again = try cluster.launchWorker("oven")
            let second = try await submit("large", "wc -c < $PICOML_DATA", on: cluster)
            #expect(try await cluster.ended(second).sweep.trials.succeeded == 1)
            try await again.says("80 of 160 chunks are here")
            try await again.says("is here: 80 chunks of the coordinator, 0 of other workers")
            try cluster.shell("cmp large \(shelf)/content/large")
        }
    }

    @Test func `what was not used for longest goes, and what runs does not`() async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            _ = try await cluster.client().authorize(
                name: "oven", key: try await cluster.key(of: "oven"))
            _ = try cluster.launch(
                "oven",
                [
                    "worker", "run", "--state", "\(cluster.folder)/oven", "--coordinator",
                    "\(cluster.state)/coordinator/worker.json", "--cpus", "1", "--cache", "10MiB",
                ])
            var digests: [Digest] = []
            for (number, name) in ["a", "b", "c"].enumerated() {
                try Self.noise(4 << 20, seed: UInt64(number)).write(
                    to: URL(filePath: "\(cluster.folder)/\(name)"))
                digests.append(try await add(name, name, to: cluster).digest)
                let sweep = try await submit(name, "wc -c < $PICOML_DATA", on: cluster)
                #expect(try await cluster.ended(sweep).sweep.trials.succeeded == 1)
            }
            let kept = digests.map {
                FileManager.default.fileExists(
                    atPath: "\(cluster.folder)/oven/data/\($0)/complete")
            }
            #expect(kept == [false, true, true])
        }
    }

    @Test func `data that is used in place is checked once, and a change of it is noticed`()
        async throws
    {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            let worker = try await cluster.startWorker("oven")
            try cluster.shell("mkdir shared && echo one > shared/a && echo two > shared/b")
            let path = "\(cluster.folder)/shared"
            let added = try await cluster.picoml("data", "add", "shared", path, "--in-place")
            try #require(added.code == 0, "\(added.errors)")
            for _ in 0..<2 {
                let sweep = try await submit("shared", "cat $PICOML_DATA/* | wc -c", on: cluster)
                let ended = try await cluster.ended(sweep)
                #expect(ended.sweep.trials.succeeded == 1)
            }
            let checks = worker.log.matches(of: #/checks the data set shared/#)
            #expect(checks.count == 1)
            // As long as before: the time says that something happened, and the hash what.
            try cluster.shell("echo owt > shared/b")
            let sweep = try await submit("shared", "cat $PICOML_DATA/* | wc -c", on: cluster)
            #expect(try await cluster.ended(sweep).sweep.trials.succeeded == 0)
            let trial = try #require(try await cluster.documents(of: sweep).first)
            let message = trial.attempts.last?.message ?? ""
            #expect(message.contains("is not what was added: one of a, b differs"), "\(message)")
            let verified = try await cluster.picoml("data", "verify", "shared")
            #expect(verified.code == 1)
        }
    }
}
