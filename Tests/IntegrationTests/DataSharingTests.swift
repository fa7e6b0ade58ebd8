import API
import Client
import Foundation
import Glibc
import Testing
import Vocabulary
import Wire
import ZeroMQ

/// Workers that get data sets from each other.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DataSharingTests {
    private static let chunks = 160

    /// A cluster with a data set of 40 MiB called `large`.
    private func run(
        _ body: (Cluster, DataSetDocument) async throws -> Void
    ) async throws {
        try await Cluster.run(timing: Cluster.calmTiming) { cluster in
            try await cluster.startCoordinator()
            try DataSetTests.noise(Self.chunks << 18).write(
                to: URL(filePath: "\(cluster.folder)/large"))
            let added = try await cluster.picoml("data", "add", "large", "large", "--json")
            try #require(added.code == 0, "\(added.errors)")
            let data = try APICoding.decode(
                DataSetDocument.self, from: Array(added.output.utf8))
            try await body(cluster, data)
        }
    }

    private func start(
        _ name: String, _ options: [String] = [], in cluster: Cluster
    ) async throws -> ChildProcess {
        _ = try await cluster.client().authorize(
            name: name, key: try await cluster.key(of: name))
        let worker = try cluster.launch(
            name,
            [
                "worker", "run", "--state", "\(cluster.folder)/\(name)", "--coordinator",
                "\(cluster.state)/coordinator/worker.json", "--cpus", "1", "--log-level",
                "debug",
            ] + options)
        try await worker.says("joined as worker")
        return worker
    }

    /// Runs one trial on each of `count` workers at once.
    private func useEverywhere(_ count: Int, in cluster: Cluster) async throws {
        try cluster.writeCode("# nothing\n", to: "empty.sh")
        // Each waits for all, so that every worker gets one.
        let sweep = try await cluster.submitProgram(
            """
            trainer: command
            command:
              - sh
              - -c
              - |
                touch \(cluster.folder)/here-$PICOML_TRIAL_ID
                while [ $(ls \(cluster.folder) | grep -c ^here-) -lt \(count) ]; do sleep 0.1; done
                cmp $PICOML_DATA \(cluster.folder)/large && echo loss=1
            metrics_from: output
            data: large
            """, trials: count)
        let ended = try await cluster.ended(sweep, within: .seconds(120))
        #expect(ended.sweep.trials.succeeded == count)
    }

    /// How many chunks of the data set each worker says that it got of the coordinator and of
    /// others.
    private func origins(_ workers: [ChildProcess]) throws -> (own: Int, others: Int) {
        var sum = (own: 0, others: 0)
        for worker in workers {
            let match = try #require(
                worker.log.firstMatch(of: #/is here: (\d+) chunks of the coordinator, (\d+) of/#))
            sum.own += Int(match.1) ?? 0
            sum.others += Int(match.2) ?? 0
        }
        return sum
    }

    @Test func `six workers take little more than one copy from the coordinator`() async throws {
        try await run { cluster, _ in
            var workers: [ChildProcess] = []
            for number in 1...6 {
                workers.append(try await start("oven-\(number)", in: cluster))
            }
            for worker in workers { try await worker.says("shares data sets") }
            try await useEverywhere(6, in: cluster)
            let sum = try origins(workers)
            #expect(sum.own + sum.others == 6 * Self.chunks)
            #expect(sum.own < 2 * Self.chunks, "\(sum)")
        }
    }

    @Test func `workers that do not share take a copy each`() async throws {
        try await run { cluster, _ in
            var workers: [ChildProcess] = []
            for number in 1...3 {
                workers.append(try await start("oven-\(number)", ["--no-sharing"], in: cluster))
            }
            try await useEverywhere(3, in: cluster)
            let sum = try origins(workers)
            #expect(sum.own == 3 * Self.chunks)
            #expect(sum.others == 0)
        }
    }

    @Test func `what a worker has that is damaged comes from elsewhere`() async throws {
        try await run { cluster, data in
            let first = try await start("oven-1", in: cluster)
            try await useEverywhere(1, in: cluster)
            try cluster.shell(
                """
                rm here-*
                f=oven-1/data/\(data.digest)/content/large
                chmod u+w $f
                head -c \(Self.chunks << 18) /dev/zero > $f
                """)
            let second = try await start("oven-2", in: cluster)
            // One trial each: the first worker's own does not look at its file.
            try cluster.writeCode("# nothing\n", to: "empty.sh")
            let sweep = try await cluster.submitProgram(
                """
                trainer: command
                command:
                  - sh
                  - -c
                  - |
                    touch \(cluster.folder)/here-$PICOML_TRIAL_ID
                    while [ $(ls \(cluster.folder) | grep -c ^here-) -lt 2 ]; do sleep 0.1; done
                    echo loss=1
                metrics_from: output
                data: large
                """, trials: 2)
            _ = try await cluster.ended(sweep)
            try await second.says("for no more of large")
            let sum = try origins([second])
            #expect(sum.own == Self.chunks)
            #expect(sum.others == 0)
            try cluster.shell("cmp large oven-2/data/\(data.digest)/content/large")
            _ = first
        }
    }

    @Test func `a worker that dies leaves the others what they need`() async throws {
        try await run { cluster, data in
            let first = try await start("oven-1", in: cluster)
            try await useEverywhere(1, in: cluster)
            try cluster.shell("rm here-*")
            first.kill9()
            let second = try await start("oven-2", in: cluster)
            try await useEverywhere(1, in: cluster)
            #expect(try origins([second]).own == Self.chunks)
            try cluster.shell("cmp large oven-2/data/\(data.digest)/content/large")
        }
    }
}
