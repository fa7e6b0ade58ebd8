import API
import Storage
import Testing
import Vocabulary

/// Trials over HTTP: pages, details, curves and logs.
@Suite(.timeLimit(.minutes(2))) struct TrialRouteTests {
    private let trial = TrialID(sweep: SweepID(1), number: 1)
    private let trials = APIPath.trials(.last)

    private func opened(
        _ body: @Sendable (Kitchen) async throws -> Void
    ) async throws {
        try await Kitchen.open { kitchen in
            _ = try await kitchen.submit()
            try await kitchen.desk.connectWorker()
            let text = Array("line 1\nline 2\u{1b}[31m\n".utf8)
            let digest = try kitchen.artifacts.store(text)
            try await kitchen.desk.work(
                limit: 40,
                artifacts: [
                    Artifact(name: "log", digest: digest, byteCount: UInt64(text.count))
                ])
            try await body(kitchen)
        }
    }

    @Test func `pages of trials follow each other`() async throws {
        try await opened { kitchen in
            var seen: [UInt32] = []
            var cursor: String?
            repeat {
                let query = TrialQuery(limit: 2, cursor: cursor)
                let page: TrialPage = try await kitchen.get(trials, query.text)
                seen += page.trials.map(\.id.value.number)
                cursor = page.next
            } while cursor != nil
            #expect(seen == [1, 2, 3, 4, 5])
        }
    }

    @Test func `trials are filtered by experiment and state`() async throws {
        try await opened { kitchen in
            let second: TrialPage = try await kitchen.get(trials, "experiment=Exp2")
            #expect(second.trials.map(\.experiment) == ["Exp2", "Exp2"])
            let failed: TrialPage = try await kitchen.get(trials, "state=failed")
            #expect(failed.trials.map(\.failure) == [.trainerError])
            #expect(failed.trials.map(\.objective) == [nil])
            let unknown = try await kitchen.send("GET", trials.text + "?experiment=Exp9")
            #expect(unknown.status == 400)
            #expect(try unknown.problem.fix == "Its experiments are Exp1, Exp2.")
            let cursor = try await kitchen.send("GET", trials.text + "?cursor=x")
            #expect(cursor.status == 400)
        }
    }

    @Test func `the best trials come first in the order of the objective`() async throws {
        try await opened { kitchen in
            let best: TrialPage = try await kitchen.get(trials, "order=objective&limit=3")
            #expect(best.trials.map(\.objective) == [40, 3, 2])
            let next = try #require(best.next)
            let rest: TrialPage = try await kitchen.get(
                trials, "order=objective&limit=3&cursor=\(next)")
            #expect(rest.trials.map(\.objective) == [1])
            #expect(rest.next == nil)
            let both = try await kitchen.send("GET", trials.text + "?order=objective&state=failed")
            #expect(both.status == 400)
        }
    }

    @Test func `a trial shows its attempts, metrics and files`() async throws {
        try await opened { kitchen in
            let document: TrialDocument = try await kitchen.get(.trial(trial))
            #expect(document.trial.state == .succeeded)
            #expect(document.trial.task == "search")
            #expect(document.attempts.map(\.id) == ["1.1#1"])
            #expect(document.attempts.map(\.outcome) == ["succeeded"])
            #expect(document.attempts.map(\.workerName) == ["oven"])
            #expect(document.attempts.map(\.seconds) == [0.5])
            #expect(document.metrics.map(\.name) == ["product"])
            #expect(document.artifacts.map(\.name) == ["log"])
        }
    }

    @Test func `a curve has the objective's points unless another metric is named`() async throws {
        try await opened { kitchen in
            let curve: CurveDocument = try await kitchen.get(.curve(trial))
            #expect(curve.metric == "product")
            #expect(curve.points.map(\.step) == [1])
            let named: CurveDocument = try await kitchen.get(.curve(trial), "metric=product")
            #expect(named == curve)
            let unknown = try await kitchen.send(
                "GET", APIPath.curve(trial).text + "?metric=accuracy")
            #expect(unknown.status == 404)
            #expect(try unknown.problem.fix == "It reported product.")
            let few = try await kitchen.send("GET", APIPath.curve(trial).text + "?points=1")
            #expect(few.status == 400)
        }
    }

    @Test func `a log is plain text, byte for byte`() async throws {
        try await opened { kitchen in
            let log = try await kitchen.send("GET", APIPath.log(trial).text)
            #expect(log.status == 200)
            #expect(log.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(log.body == "line 1\nline 2\u{1b}[31m\n")
            let document: TrialPage = try await kitchen.get(trials, "state=failed")
            let failed = try #require(document.trials.first?.id.value)
            let none = try await kitchen.send("GET", APIPath.log(failed).text)
            #expect(none.status == 404)
        }
    }

    @Test func `a trial that waits has no attempts and no curve`() async throws {
        try await Kitchen.open { kitchen in
            _ = try await kitchen.submit()
            let document: TrialDocument = try await kitchen.get(.trial(trial))
            #expect(document.trial.state == .waiting)
            #expect(document.attempts.isEmpty)
            let curve: CurveDocument = try await kitchen.get(.curve(trial))
            #expect(curve.points.isEmpty)
        }
    }
}
