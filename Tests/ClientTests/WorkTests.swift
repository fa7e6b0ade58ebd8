import API
import Client
import Datasets
import Foundation
import Hashing
import Synchronization
import Testing
import Vocabulary

/// What commands do beyond one request: submitting, watching, planning.
struct WorkTests {
    private static let sweep = """
        name: tiny
        trainer: xgboost
        method: random
        run_cap: 3
        metric: {name: rmse, goal: minimize}
        data:
          path: rows.csv
          target: y
          columns: [x]
          split: {validation: 0.2, gate: 0.2}
        parameters:
          rounds: {value: 5}
          eta: {min: 0.1, max: 0.9}
        """

    private func write(_ text: String, _ rows: String, in folder: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/sweep.yaml"))
        try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(folder)/rows.csv"))
        return "\(folder)/sweep.yaml"
    }

    private static let rows = "x,y\n" + (1...50).map { "\($0),\($0 * 2)\n" }.joined()

    @Test func `data is sent once and named by its digest`() async throws {
        try await inTemporaryFolder { folder in
            let sweep = try PreparedSweep.read(write(Self.sweep, Self.rows, in: folder))
            let data = try #require(sweep.data)
            let search = "/api/v1/artifacts/\(data.search)"
            let server = try ScriptedServer { request in
                switch request.method {
                case "HEAD": .json("", status: request.target == search ? 200 : 404)
                case "POST": .value(SweepAccepted(sweep: SweepID(3), warnings: []), status: 201)
                default:
                    .value(
                        ArtifactStored(
                            digest: Digest.of(request.body),
                            byteCount: UInt64(request.body.count)), status: 201)
                }
            }
            defer { server.stop() }
            let accepted = try await sweep.submit(to: server.client)
            #expect(accepted.sweep.value == SweepID(3))
            let gate = "/api/v1/artifacts/\(try #require(data.gate))"
            #expect(
                server.requests.map(\.line) == [
                    "HEAD \(search)", "HEAD \(gate)", "PUT \(gate)", "POST /api/v1/sweeps",
                ])
            #expect(server.requests[2].body == sweep.table?.gate)
            let sent = try APICoding.decode(
                SweepSubmission.self, from: server.requests[3].body)
            #expect(
                sent
                    == SweepSubmission(
                        file: sweep.path, text: Self.sweep, data: data,
                        user: ProcessInfo.processInfo.userName))
        }
    }

    @Test func `a sweep is planned without a coordinator`() throws {
        try inTemporaryFolder { folder in
            let plan = Plan(try PreparedSweep.read(write(Self.sweep, Self.rows, in: folder)))
            #expect(plan.totalTrials == 3)
            #expect(plan.experiments.map(\.rounds) == [15])
            #expect(plan.experiments.map(\.parameters) == [1])
            #expect(plan.data?.training == 30)
            #expect(plan.data?.features == ["x"])
            try Snapshot.check(PlanView.text(plan, file: "sweep.yaml", on: Page()), "plan-80")
        }
    }

    @Test func `every problem of a sweep file comes at once, with its place`() throws {
        try inTemporaryFolder { folder in
            let text = Self.sweep.replacing("random", with: "randon")
                .replacing("min: 0.1", with: "min: 2")
            let path = try write(text, Self.rows, in: folder)
            let error = try #require(throws: ClientError.self) { try PreparedSweep.read(path) }
            #expect(error.status == .badInput)
            #expect(error.diagnostics.count == 2)
            #expect(error.diagnostics.allSatisfy { $0.file == path && $0.line > 0 })
            #expect(error.message.contains("2 problems"))
        }
    }

    @Test func `a text in a column of numbers is named by file, line and column`() throws {
        try inTemporaryFolder { folder in
            let rows = Self.rows.replacing("\n7,14\n", with: "\nseven,14\n")
            let path = try write(Self.sweep, rows, in: folder)
            let error = try #require(throws: ClientError.self) { try PreparedSweep.read(path) }
            #expect(error.status == .badInput)
            #expect(error.description.contains("rows.csv:8:1: error: x:"))
        }
    }

    @Test func `files that are not there are told`() throws {
        try inTemporaryFolder { folder in
            let missing = "\(folder)/none.yaml"
            let error = try #require(throws: ClientError.self) { try PreparedSweep.read(missing) }
            #expect(error.status == .badInput)
            #expect(error.message.contains(missing))
            let path = try write(Self.sweep, Self.rows, in: folder)
            try FileManager.default.removeItem(atPath: "\(folder)/rows.csv")
            let data = try #require(throws: ClientError.self) { try PreparedSweep.read(path) }
            #expect(data.description.contains("data.path"))
        }
    }

    @Test func `a sweep is followed by its number until it ends`() async throws {
        let count = Mutex(0)
        let server = try ScriptedServer { request in
            let turn = count.withLock { count in
                count += 1
                return count
            }
            switch turn {
            case 1: return .value(Samples.sweep())
            case 2, 3, 4: return .hangUp
            case 5: return .value(Samples.sweep(.judging))
            default: return .value(Samples.sweep(.finished, gate: Samples.keep))
            }
        }
        defer { server.stop() }
        var phases: [Phase] = []
        var missed: [Phase] = []
        let last = try await SweepWatch(server.client, interval: .milliseconds(1))
            .follow(.last) {
                phases.append($0.sweep.phase)
            } miss: {
                missed.append($0.sweep.phase)
            }
        #expect(phases == [.searching, .judging, .finished])
        // Three lost answers are one lost question: it was asked again twice.
        #expect(missed == [.searching])
        #expect(last.sweep.phase == .finished)
        #expect(server.requests.first?.target == "/api/v1/sweeps/last")
        #expect(server.requests.dropFirst().allSatisfy { $0.target == "/api/v1/sweeps/12" })
    }

    @Test func `a coordinator that stays away ends the watch`() async throws {
        let count = Mutex(0)
        let server = try ScriptedServer { _ in
            let turn = count.withLock { count in
                count += 1
                return count
            }
            return turn == 1 ? .value(Samples.sweep()) : .hangUp
        }
        defer { server.stop() }
        let watch = SweepWatch(
            server.client, interval: .milliseconds(1), patience: .milliseconds(5))
        let error = try await #require(throws: ClientError.self) {
            try await watch.follow(.last) { _ in }
        }
        #expect(error.status == .unreachable)
    }

    @Test func `a sweep's end has an exit code`() {
        #expect(SweepWatch.status(of: .finished) == .done)
        #expect(SweepWatch.status(of: .failed) == .noUsableTrial)
        #expect(SweepWatch.status(of: .cancelled) == .cancelled)
        #expect(
            CommandStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 69, 77])
    }
}
