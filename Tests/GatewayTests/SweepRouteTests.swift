import API
import Hashing
import Registry
import Scheduling
import Storage
import Testing
import Vocabulary

/// Sweeps over HTTP, from submission to the gate's report.
@Suite(.timeLimit(.minutes(2))) struct SweepRouteTests {
    private let first = APIPath.sweep(.number(SweepID(1)))

    @Test func `the phases of the API are those of the scheduler`() {
        #expect(Phase.allCases.map(\.rawValue) == SweepPhase.allCases.map(\.rawValue))
        #expect(Phase.allCases.map(\.isFinal) == SweepPhase.allCases.map(\.isFinal))
    }

    @Test func `a sweep is submitted, worked on and found best`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.submit()
            #expect(reply.status == 201, "\(reply.body)")
            #expect(reply.body == #"{"sweep":"1","warnings":[]}"#)
            try await kitchen.desk.connectWorker()
            let running: SweepDocument = try await kitchen.get(.sweep(.last))
            #expect(running.sweep.phase == .searching)
            #expect(running.sweep.trials == TrialCounts(waiting: 3, running: 2))
            #expect(running.secondsLeft == nil)
            #expect(running.source == Kitchen.menu)
            #expect(running.priority == 3)
            #expect(running.seed == "5")
            try await kitchen.desk.work(limit: 40)
            let done: SweepDocument = try await kitchen.get(first)
            #expect(done.sweep.phase == .finished)
            #expect(done.sweep.ended != nil)
            #expect(
                done.sweep.objective == Objective(metric: "product", goal: .maximize, target: 1000)
            )
            #expect(done.experiments.map(\.name) == ["Exp1", "Exp2"])
            #expect(
                done.experiments.map(\.trials) == [
                    TrialCounts(succeeded: 3), TrialCounts(succeeded: 1, failed: 1),
                ])
            #expect(done.experiments.map(\.total) == [3, 2])
            let best = try #require(done.sweep.best)
            #expect(best.objective == 40)
            #expect(best.experiment == "Exp2")
            #expect(
                best.parameters == [Assignment("a", .integer(4)), Assignment("b", .integer(10))])
            #expect(done.experiments.map(\.best?.objective) == [3, 40])
        }
    }

    @Test func `all problems of a file come back at once with their places`() async throws {
        let text = """
            name: menu
            trainr: noop
            method: grid
            metric: {name: product, goal: upwards}
            parameters:
              a: {min: 3, max: 1}
            """
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.submit(text)
            #expect(reply.status == 422)
            let problem = try reply.problem
            let diagnostics = try #require(problem.diagnostics)
            #expect(diagnostics.count >= 3)
            #expect(diagnostics.allSatisfy { $0.file == "menu.yaml" && $0.line > 0 })
            let misspelled = diagnostics.first { $0.line == 2 }
            #expect(misspelled?.message.contains("trainr") == true)
            #expect(misspelled?.fix.contains("trainer") == true)
            let page: SweepPage = try await kitchen.get(.sweeps)
            #expect(page.sweeps.isEmpty)
        }
    }

    @Test func `a file larger than the limit is refused`() async throws {
        try await Kitchen.open { kitchen in
            let reply = try await kitchen.submit(
                String(repeating: "#", count: Limits.sweepFileBytes + 1))
            #expect(reply.status == 413)
        }
    }

    @Test func `data must be sent, as the file says, and be stored`() async throws {
        let text = Kitchen.menu + "\ndata: {path: a.csv, target: y, columns: [x]}\n"
        let digest = Digest.of("rows")
        @Sendable func data(_ path: String) -> PreparedData {
            PreparedData(
                spec: DataSpec(path: path, target: "y", columns: ["x"]), source: digest,
                search: digest, searchBytes: 4, gate: nil, gateBytes: 0, validationRows: 1)
        }
        try await Kitchen.open { kitchen in
            let missing = try await kitchen.submit(text)
            #expect(missing.status == 422)
            let unwanted = try await kitchen.post(
                .sweeps, SweepSubmission(file: "f", text: Kitchen.menu, data: data("a.csv")))
            #expect(unwanted.status == 422)
            let other = try await kitchen.post(
                .sweeps, SweepSubmission(file: "f", text: text, data: data("b.csv")))
            #expect(other.status == 422)
            let right = SweepSubmission(file: "f", text: text, data: data("a.csv"))
            let absent = try await kitchen.post(.sweeps, right)
            #expect(absent.status == 409)
            #expect(try absent.problem.detail.contains("is not stored"))
            _ = try kitchen.artifacts.store(Array("rows".utf8))
            let accepted = try await kitchen.post(.sweeps, right)
            #expect(accepted.status == 201, "\(accepted.body)")
        }
    }

    @Test func `a sweep is paused, resumed and cancelled`() async throws {
        try await Kitchen.open { kitchen in
            _ = try await kitchen.submit()
            func change(_ action: SweepAction) async throws -> Int {
                let path = APIPath.changeSweep(.last, action)
                return try await kitchen.send("POST", path.text, body: "").status
            }
            #expect(try await change(.pause) == 200)
            #expect(try await kitchen.get(first, as: SweepDocument.self).sweep.paused)
            #expect(try await change(.pause) == 200)
            #expect(try await change(.resume) == 200)
            #expect(try await !kitchen.get(first, as: SweepDocument.self).sweep.paused)
            #expect(try await change(.cancel) == 200)
            #expect(try await kitchen.get(first, as: SweepDocument.self).sweep.phase == .cancelled)
            #expect(try await change(.resume) == 409)
        }
    }

    @Test func `what is not there is said to be so`() async throws {
        try await Kitchen.open { kitchen in
            for path in ["sweeps/last", "sweeps/1", "sweeps/1/trials", "trials/1.1"] {
                let reply = try await kitchen.send("GET", "/api/v1/\(path)")
                #expect(reply.status == 404, "\(path)")
                #expect(try reply.problem.fix?.contains("picoml") == true)
            }
            let pause = try await kitchen.send("POST", "/api/v1/sweeps/9/pause", body: "")
            #expect(pause.status == 404)
        }
    }

    @Test func `lists are read page by page and by phase`() async throws {
        try await Kitchen.open { kitchen in
            for _ in 0..<5 { _ = try await kitchen.submit() }
            _ = try await kitchen.send("POST", "/api/v1/sweeps/2/cancel", body: "")
            let newest: SweepPage = try await kitchen.get(.sweeps, "limit=2")
            #expect(newest.sweeps.map(\.id.value.number) == [5, 4])
            #expect(newest.next?.value == SweepID(4))
            let older: SweepPage = try await kitchen.get(.sweeps, "limit=3&before=4")
            #expect(older.sweeps.map(\.id.value.number) == [3, 2, 1])
            #expect(older.next == nil)
            let cancelled: SweepPage = try await kitchen.get(
                .sweeps, "phase=cancelled&limit=1")
            #expect(cancelled.sweeps.map(\.id.value.number) == [2])
            let none: SweepPage = try await kitchen.get(.sweeps, "phase=failed")
            #expect(none == SweepPage(sweeps: [], next: nil))
            let wrong = try await kitchen.send("GET", "/api/v1/sweeps?phse=failed")
            #expect(try wrong.problem.fix == "Did you mean \"phase\"?")
        }
    }

    @Test func `the gate's report stands beside the winner`() async throws {
        let report = GateReport(
            verdict: .keep, rows: 100, challengerLoss: 2, championLoss: 1, difference: -1,
            lower: -1.5, upper: -0.5, confidence: 0.95, reason: "The champion is better.")
        try await Kitchen.open { kitchen in
            _ = try await kitchen.submit()
            let winner = TrialID(sweep: SweepID(1), number: 2)
            try await kitchen.desk.record([.gateJudged(SweepID(1), report, winner: winner)])
            let sweep: SweepDocument = try await kitchen.get(first)
            #expect(sweep.gate == report)
            #expect(sweep.winner?.value == winner)
            #expect(sweep.version == nil)
        }
    }
}
