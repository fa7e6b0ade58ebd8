import API
import Testing
import Vocabulary

/// Paths and queries: what the client writes, the server reads.
struct PathTests {
    static let digest = String(repeating: "0f", count: 32)

    static let paths: [APIPath] = {
        let trial = TrialID(sweep: SweepID(12), number: 3)
        var paths: [APIPath] = [
            .health, .status, .sweeps, .sweep(.last), .sweep(.number(SweepID(12))),
            .trials(.last), .trial(trial), .curve(trial), .log(trial), .workers, .models,
            .model("demand"), .version(model: "a.b-c_1", number: 7), .promote(model: "demand"),
            .rollback(model: "demand"), .dataSets, .dataSet("a.b-c_1"), .tokens,
            .revokeToken(TokenID(3)),
        ]
        paths += SweepAction.allCases.map { .changeSweep(.number(SweepID(1)), $0) }
        paths += WorkerAction.allCases.map { .changeWorker(WorkerID(7), $0) }
        if let digest = Digest(text: digest) { paths.append(.artifact(digest)) }
        return paths
    }()

    @Test(arguments: paths) func `a path reads back as it was written`(_ path: APIPath) {
        #expect(path.text.hasPrefix("/api/v1/"))
        #expect(APIPath(text: path.text) == path)
        #expect(!path.methods.isEmpty)
    }

    @Test func `each path is written in its own way`() {
        #expect(Set(Self.paths.map(\.text)).count == Self.paths.count)
        #expect(
            APIPath.curve(TrialID(sweep: SweepID(12), number: 3)).text
                == "/api/v1/trials/12.3/curve")
    }

    @Test(arguments: [
        "", "/", "/api/v1", "/api/v1/", "/api/v2/health", "/api/v1/health/", "/api/v1//health",
        "/api/v1/sweeps/", "/api/v1/sweeps/0", "/api/v1/sweeps/-1", "/api/v1/sweeps/first",
        "/api/v1/sweeps/1/trials/2", "/api/v1/sweeps/1/delete", "/api/v1/sweeps/99999999999",
        "/api/v1/trials/1", "/api/v1/trials/1.0", "/api/v1/trials/1.2.3",
        "/api/v1/trials/1.2/../3", "/api/v1/workers/1", "/api/v1/workers/x/drain",
        "/api/v1/tokens/1", "/api/v1/tokens/1/use", "/api/v1/tokens/x/revoke",
        "/api/v1/tokens/0/revoke", "/api/v1/models/", "/api/v1/models/..", "/api/v1/models/.a",
        "/api/v1/models/a%2Fb", "/api/v1/data/", "/api/v1/data/..", "/api/v1/data/a/b",
        "/api/v1/models/a b", "/api/v1/models/ä", "/api/v1/models/a/versions/0",
        "/api/v1/models/a/versions/x", "/api/v1/models/a/versions", "/api/v1/artifacts/",
        "/api/v1/artifacts/../../etc/passwd", "/api/v1/artifacts/%2e%2e",
        "/api/v1/artifacts/" + String(repeating: "0F", count: 32),
        "/api/v1/artifacts/" + String(repeating: "0f", count: 31),
        "/api/v1/models/" + String(repeating: "a", count: 129), "http://host/api/v1/health",
    ])
    func `a path that names nothing is refused`(_ text: String) {
        #expect(APIPath(text: text) == nil)
    }

    @Test func `queries read back as they were written`() throws {
        let sweeps = SweepQuery(limit: 7, before: SweepID(9), phase: .confirming)
        #expect(try SweepQuery(sweeps.text) == sweeps)
        let trials = TrialQuery(
            experiment: "a&b=c d%", state: .pruned, order: .objective, limit: 1, cursor: "+ü")
        #expect(try TrialQuery(trials.text) == trials)
        let curve = CurveQuery(metric: "valid/rmse", points: 2)
        #expect(try CurveQuery(curve.text) == curve)
        #expect(try SweepQuery("") == SweepQuery())
        #expect(try TrialQuery("") == TrialQuery())
        #expect(try CurveQuery("") == CurveQuery())
    }

    @Test func `a misspelled key is answered with the nearest one`() {
        let problem = #expect(throws: Problem.self) { try TrialQuery("expriment=Exp1") }
        #expect(problem?.type == .malformed)
        #expect(problem?.fix == "Did you mean \"experiment\"?")
        let far = #expect(throws: Problem.self) { try SweepQuery("colour=red") }
        #expect(far?.fix == "The keys are limit, before, phase.")
        let none = #expect(throws: Problem.self) { try QueryText("a=1", keys: []) }
        #expect(none?.fix == "This path takes no query.")
    }

    @Test(arguments: [
        "limit=0", "limit=501", "limit=ten", "limit=", "limit=1&limit=2", "phase=done",
        "before=x", "limit=%zz", "limit=%4", "limit=%ff", "%",
        "limit=99999999999999999999",
    ])
    func `a value that means nothing is refused`(_ text: String) {
        let problem = #expect(throws: Problem.self) { try SweepQuery(text) }
        #expect(problem?.status == 400)
    }
}
