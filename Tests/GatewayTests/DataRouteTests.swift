import API
import Hashing
import Scheduling
import Storage
import Testing
import Vocabulary

/// Named data sets over HTTP, and sweeps that use them.
@Suite(.timeLimit(.minutes(2))) struct DataRouteTests {
    private static let text = "a,b\n1,2\n"

    private static func manifest(_ text: String = Self.text) throws -> DataManifest {
        try DataManifest(
            isFolder: false, files: [.init(name: "rows.csv", byteCount: UInt64(text.utf8.count))],
            payload: .of(text), chunks: [.of(text)])
    }

    private func store(
        _ text: String, in kitchen: Kitchen, withPayload: Bool = true
    ) async throws -> Digest {
        let manifest = try Self.manifest(text)
        if withPayload { _ = try kitchen.artifacts.store(Array(text.utf8)) }
        return try kitchen.artifacts.store(manifest.bytes)
    }

    @Test func `a data set is added, listed and shown with what it was before`() async throws {
        try await Kitchen.open { kitchen in
            let first = try await store(Self.text, in: kitchen)
            let second = try await store("other", in: kitchen)
            for digest in [first, second] {
                let request = DataSetRequest(name: "digits", digest: digest)
                let reply = try await kitchen.post(.dataSets, request)
                #expect(reply.status == 201, "\(reply.body)")
            }
            let all: DataSetPage = try await kitchen.get(.dataSets)
            #expect(all.dataSets.map(\.digest) == [second])
            #expect(all.dataSets.map(\.byteCount) == [5])
            let shown: DataSetPage = try await kitchen.get(.dataSet("digits"))
            #expect(shown.dataSets.map(\.digest) == [second, first])
            #expect(try await kitchen.send("GET", "/api/v1/data/letters").status == 404)
        }
    }

    @Test func `what is not stored, or no manifest, cannot be added`() async throws {
        try await Kitchen.open { kitchen in
            func status(_ request: DataSetRequest) async throws -> Int {
                try await kitchen.post(.dataSets, request).status
            }
            let lacking = try await store("lacking", in: kitchen, withPayload: false)
            #expect(try await status(DataSetRequest(name: "a", digest: lacking)) == 409)
            #expect(try await status(DataSetRequest(name: "a", digest: .of("nothing"))) == 404)
            let other = try kitchen.artifacts.store(Array("picoml data 2\n".utf8))
            #expect(try await status(DataSetRequest(name: "a", digest: other)) == 422)
            #expect(try await status(DataSetRequest(name: "../a", digest: lacking)) == 422)
            for location in ["relative", "/with\nline"] {
                let request = DataSetRequest(name: "a", digest: lacking, location: location)
                #expect(try await status(request) == 422)
            }
            // Bytes that are used in place are nowhere else.
            let inPlace = DataSetRequest(name: "a", digest: lacking, location: "/mnt/a")
            #expect(try await status(inPlace) == 201)
        }
    }

    @Test func `a sweep keeps the content that a name has when it is submitted`() async throws {
        try await Kitchen.open { kitchen in
            let first = try await store(Self.text, in: kitchen)
            let code = try kitchen.artifacts.store(Array("code".utf8))
            func submit(_ data: String) async throws -> (status: Int, body: String) {
                let text = """
                    metric: {name: loss, goal: minimize}
                    trainer: command
                    method: random
                    trials: 1
                    command: ["true", "${data.path}"]
                    data: \(data)
                    parameters: {x: {min: 0.1, max: 0.9}}
                    """
                let reply = try await kitchen.post(
                    .sweeps,
                    SweepSubmission(
                        file: "sweep.yaml", text: text,
                        code: CodeBundle(digest: code, byteCount: 4)))
                return (reply.status, reply.body)
            }
            #expect(try await submit("digits").status == 404)
            _ = try await kitchen.post(
                .dataSets, DataSetRequest(name: "digits", digest: first))
            let accepted = try await submit("digits")
            #expect(accepted.status == 201, "\(accepted.body)")
            _ = try await kitchen.post(
                .dataSets,
                DataSetRequest(name: "digits", digest: try await store("other", in: kitchen)))
            #expect(try await submit("digits@\(first.description.prefix(8))").status == 201)
            #expect(try await submit("digits@00000000").status == 422)
            try await kitchen.desk.connectWorker()
            let given = await kitchen.desk.leases.map(\.dataSet?.digest)
            #expect(given == [first, first])
        }
    }
}
