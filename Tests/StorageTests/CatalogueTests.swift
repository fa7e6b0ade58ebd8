import Hashing
import Registry
import Scheduling
import Storage
import Testing
import Vocabulary

struct CatalogueTests {
    private let sweep = SweepID(1)

    private func journal(goal: Objective.Goal = .minimize) throws -> Journal {
        let journal = try Journal(TemporaryFolder().state())
        var spec = SweepSpec.example(goal: goal)
        spec.experiments[0].resources.cpus = 3
        try journal.append(
            [
                .workerAuthorized(WorkerID(1), name: "oven", key: "key"),
                .sweepSubmitted(sweep, spec, source: "name: kitchen", seed: .max),
            ], at: 1000)
        return journal
    }

    private func run(_ number: UInt32, objective: Double) -> [Scheduling.Record] {
        let trial = TrialID(sweep: sweep, number: number)
        let attempt = AttemptID(trial: trial, number: 1)
        return [
            .trialCreated(
                TrialCreation(
                    trial: trial, experiment: number % 2, task: .search, parameters: [], seed: 1)),
            .attemptStarted(attempt, WorkerID(1)),
            .attemptEnded(
                AttemptResult(attempt: attempt, outcome: .succeeded), next: .succeeded,
                objective: objective),
        ]
    }

    @Test func `a curve that goes on from checkpoints has every step once`() async throws {
        let journal = try journal()
        let trial = TrialID(sweep: sweep, number: 1)
        func attempt(_ number: UInt32) -> AttemptID { AttemptID(trial: trial, number: number) }
        func reports(_ number: UInt32, _ steps: ClosedRange<UInt64>) -> [Scheduling.Record] {
            [.attemptStarted(attempt(number), WorkerID(1))]
                + steps.map {
                    .reported(
                        MetricReport(
                            attempt: attempt(number), step: $0,
                            metrics: [Metric("loss", Double(number))]))
                }
        }
        func checkpoint(_ number: UInt32, _ step: UInt64) throws -> Scheduling.Record {
            let digest = try #require(Digest(text: String(repeating: "0", count: 64)))
            return .checkpointed(
                attempt(number), Checkpoint(step: step, digest: digest, byteCount: 1))
        }
        try journal.append(reports(1, 1...5) + [try checkpoint(1, 3)], at: 1)
        try journal.append(reports(2, 4...8) + [try checkpoint(2, 6)], at: 2)
        try journal.append(reports(3, 7...9), at: 3)
        func curve(_ number: UInt32) async throws -> [Double] {
            let curves = try await journal.catalogue.curves(of: attempt(number))
            let points = try #require(curves.first).points
            #expect(points.map(\.step) == Array(1...UInt64(points.count)))
            return points.map(\.value)
        }
        #expect(try await curve(1) == [1, 1, 1, 1, 1])
        #expect(try await curve(2) == [1, 1, 1, 2, 2, 2, 2, 2])
        #expect(try await curve(3) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
    }

    @Test(arguments: [2, 3, 10, 99, 100, 101, 500])
    func `a long curve is thinned out with its ends kept`(points: Int) async throws {
        let journal = try journal()
        let attempt = AttemptID(trial: TrialID(sweep: sweep, number: 1), number: 1)
        try journal.append(
            (1...100).map {
                .reported(
                    MetricReport(
                        attempt: attempt, step: $0,
                        metrics: [Metric("rmse", Double($0)), Metric("loss", .infinity)]))
            }, at: 2000)
        let curves = try await journal.catalogue.curves(of: attempt, points: points)
        #expect(curves.map(\.name) == ["loss", "rmse"])
        let curve = try #require(curves.last)
        #expect(curve.points.count <= points)
        #expect(curve.points.count >= min(100, points) / 2)
        #expect(curve.points.first?.step == 1)
        #expect(curve.points.last?.step == 100)
        #expect(curve.points.allSatisfy { $0.value == Double($0.step) })
        #expect(curves.first?.points.allSatisfy { $0.value == .infinity } == true)
        let gaps = zip(curve.points, curve.points.dropFirst()).map { $1.step - $0.step }
        #expect(Set(gaps.dropLast()).count <= 1)
    }

    @Test(arguments: [Objective.Goal.minimize, .maximize])
    func `the best are known however many trials there are`(goal: Objective.Goal) async throws {
        let journal = try journal(goal: goal)
        var source = RandomSource(seed: 4)
        var values: [(value: Double, number: UInt32)] = []
        for start in stride(from: 1, to: 6001, by: 500) {
            var records: [Scheduling.Record] = []
            for number in UInt32(start)..<UInt32(start + 500) {
                let value = source.nextUnit()
                values.append((value, number))
                records += run(number, objective: value)
            }
            try journal.append(records, at: 2000)
        }
        let sorted = values.sorted { goal == .minimize ? $0.value < $1.value : $0.value > $1.value }
        let board = try await journal.catalogue.leaderboard(of: sweep, limit: 1000)
        #expect(board.map(\.id.number) == sorted.prefix(1000).map(\.number))
        let own = try await journal.catalogue.leaderboard(
            of: sweep, experiment: 1, offset: 990, limit: 10)
        #expect(
            own.map(\.objective) == sorted.filter { $0.number % 2 == 1 }[990..<1000].map(\.value))
        let best = try await journal.catalogue.sweep(sweep)?.row.experiments.map(\.best?.objective)
        #expect(best == [0, 1].map { rest in sorted.first { $0.number % 2 == rest }?.value })
    }

    @Test func `equal objectives are in the order of creation and take no extra room`() async throws
    {
        let journal = try journal()
        for start in stride(from: 1, to: 8001, by: 1000) {
            let records = (UInt32(start)..<UInt32(start + 1000)).flatMap { run($0, objective: 1) }
            try journal.append(records, at: 2000)
        }
        let board = try await journal.catalogue.leaderboard(of: sweep, offset: 1500, limit: 1000)
        #expect(board.count < 1000)
        let first = try await journal.catalogue.leaderboard(of: sweep, limit: 500)
        #expect(first.map(\.id.number) == Array(1...500))
    }

    @Test func `a second end of a trial changes nothing`() async throws {
        let journal = try journal()
        try journal.append(run(1, objective: 3), at: 2000)
        let before = try await journal.catalogue.sweeps()
        let attempt = AttemptID(trial: TrialID(sweep: sweep, number: 1), number: 1)
        try journal.append(
            [
                .attemptEnded(
                    AttemptResult(attempt: attempt, outcome: .succeeded), next: .succeeded,
                    objective: 1)
            ], at: 3000)
        #expect(try await journal.catalogue.sweeps() == before)
        let trial = try await journal.catalogue.trial(attempt.trial)
        #expect(trial?.row.objective == 3)
        #expect(trial?.row.ended == 2000)
    }

    @Test func `workers are shown with what they hold`() async throws {
        let journal = try journal()
        let facts = WorkerFacts(
            host: "kitchen", process: 42, cpus: 8, memoryBytes: 1 << 35, software: "1.2",
            architecture: "x86_64", distribution: "debian-12",
            labels: Labels([Label("zone", "b")]),
            devices: [Device(maker: .amd, identifier: "0", name: "MI300X", memoryBytes: 1)],
            timeLeft: .milliseconds(90_500))
        let attempt = AttemptID(trial: TrialID(sweep: sweep, number: 1), number: 1)
        try journal.append(
            [
                .workerJoined(WorkerID(1), facts),
                .workerAuthorized(WorkerID(2), name: "second", key: "other"),
                .trialCreated(
                    TrialCreation(
                        trial: attempt.trial, experiment: 0, task: .search, parameters: [],
                        seed: 1)),
                .attemptStarted(attempt, WorkerID(1)),
            ], at: 2000)
        var workers = try await journal.catalogue.workers()
        #expect(workers.map(\.state) == [.joined, .authorized])
        #expect(workers.map(\.held) == [[attempt], []])
        #expect(workers.map(\.cpusHeld) == [3, 0])
        #expect(workers.map(\.facts) == [facts, nil])
        #expect(workers.map(\.joined) == [2000, nil])
        try journal.append(
            [
                .workerLeft(WorkerID(1), .lost), .workerRevoked(WorkerID(2)),
                .sweepEntered(sweep, .cancelled, reason: "enough"),
            ], at: 3000)
        workers = try await journal.catalogue.workers()
        #expect(workers.map(\.state) == [.lost, .revoked])
        #expect(workers.map(\.held) == [[], []])
        #expect(workers.map(\.departed) == [3000, nil])
        #expect(workers.map(\.revoked) == [nil, 3000])
        let actions = try await journal.catalogue.audit().map { "\($0.action) \($0.subject)" }
        #expect(
            actions == [
                "cancel sweep 1", "revoke worker 2", "authorize worker 2", "submit sweep 1",
                "authorize worker 1",
            ])
    }

    @Test func `a data set is shown with its newest content, and with all it had`() async throws {
        let journal = try journal()
        func data(_ name: String, _ text: String, at location: String? = nil) -> DataSet {
            DataSet(
                name: name, digest: .of(text), payload: .of(text + text), byteCount: 1 << 40,
                fileCount: 3, location: location)
        }
        let (old, new) = (data("digits", "old"), data("digits", "new", at: "/mnt/digits"))
        try journal.append([.dataAdded(old), .dataAdded(data("a", "a"))], at: 2000)
        try journal.append([.dataAdded(new)], at: 3000)
        let all = try await journal.catalogue.dataSets()
        #expect(all.map(\.data) == [data("a", "a"), new])
        #expect(all.map(\.added) == [2000, 3000])
        #expect(try await journal.catalogue.dataSets(named: "digits").map(\.data) == [new, old])
        #expect(try await journal.catalogue.dataSets(named: "none").isEmpty)
        #expect(try await journal.catalogue.audit().first?.action == "add data")
    }

    @Test func `tokens are shown with their uses, and workers with how they came in`()
        async throws
    {
        let journal = try journal()
        let facts = WorkerFacts(
            host: "kitchen", process: 42, cpus: 8, memoryBytes: 1 << 35, software: "1.2")
        func terms(_ uses: UInt32, approval: Bool) -> TokenTerms {
            TokenTerms(
                key: "public \(uses)", uses: uses, needsApproval: approval,
                lifetime: .seconds(5), expires: 7000)
        }
        try journal.append(
            [
                .tokenCreated(TokenID(1), terms(2, approval: true)),
                .tokenCreated(TokenID(2), terms(1, approval: false)),
                .workerPending(WorkerID(2), name: "second", key: "k2", facts),
                .tokenUsed(TokenID(1), WorkerID(2)),
                .workerAuthorized(WorkerID(3), name: "third", key: "k3"),
                .tokenUsed(TokenID(2), WorkerID(3)),
            ], at: 2000)
        var workers = try await journal.catalogue.workers()
        #expect(workers.map(\.state) == [.authorized, .pending, .authorized])
        #expect(workers.map(\.token) == [nil, TokenID(1), TokenID(2)])
        #expect(workers.map(\.facts) == [nil, facts, nil])
        var tokens = try await journal.catalogue.tokens()
        #expect(tokens.map(\.used) == [1, 1])
        #expect(tokens.map(\.uses) == [2, 1])
        #expect(tokens.map(\.needsApproval) == [true, false])
        #expect(tokens.map(\.expires) == [7000, 7000])
        try journal.append(
            [
                .workerApproved(WorkerID(2)), .tokenEnded(TokenID(1), .expired),
                .workerKeyOffered(WorkerID(3), key: "new"), .workerKeyReplaced(WorkerID(3)),
            ], at: 3000)
        workers = try await journal.catalogue.workers()
        #expect(workers.map(\.state) == [.authorized, .authorized, .authorized])
        #expect(workers.map(\.authorized) == [1000, 3000, 2000])
        #expect(workers.map(\.key) == ["key", "k2", "new"])
        tokens = try await journal.catalogue.tokens()
        #expect(tokens.map(\.ending) == [.expired, nil])
        #expect(tokens.map(\.ended) == [3000, nil])
        let actions = try await journal.catalogue.audit().map { "\($0.action) \($0.subject)" }
        #expect(
            actions.dropLast(2) == [
                "replace worker key 3", "offer worker key 3", "end join token 1",
                "approve worker 2", "use join token 2", "authorize worker 3",
                "use join token 1", "enrol worker 2", "create join token 2",
                "create join token 1",
            ])
    }

    @Test func `models are shown with versions, aliases and their history`() async throws {
        let journal = try journal()
        func move(_ from: UInt32?, _ to: UInt32, _ decision: String, rollback: Bool = false)
            -> AliasMove
        {
            AliasMove(
                model: "demand", alias: "champion", from: from, to: to, decision: decision,
                actor: "person:owner", reason: "it is better", isRollback: rollback)
        }
        let moves = [move(nil, 1, "a"), move(1, 2, "b"), move(2, 1, "c", rollback: true)]
        let versions = [ModelVersion.example(1), .example(2)]
        try journal.append(
            versions.map { .registryChanged(.versionRegistered($0)) }
                + moves.map { .registryChanged(.aliasMoved($0)) }
                + [.gateJudged(sweep, .example, winner: TrialID(sweep: sweep, number: 9))], at: 2000
        )
        let catalogue = journal.catalogue
        let models = try await catalogue.models()
        #expect(models.map(\.name) == ["demand"])
        #expect(models.map(\.latest) == [2])
        #expect(models.first?.aliases.map(\.name) == ["champion"])
        #expect(models.first?.aliases.map(\.version) == [1])
        #expect(models.first?.aliases.map(\.since) == [2000])
        #expect(try await catalogue.versions(of: "demand").map(\.version) == versions.reversed())
        #expect(try await catalogue.versions(of: "demand", before: 2).count == 1)
        #expect(try await catalogue.version(2, of: "demand")?.version == versions[1])
        #expect(try await catalogue.version(3, of: "demand") == nil)
        #expect(
            try await catalogue.version(at: "champion", of: "demand")?.version == versions[0])
        #expect(try await catalogue.aliasMoves(of: "demand").map(\.move) == moves)
        let reports = try await catalogue.gateReports(of: sweep)
        #expect(reports.map(\.report) == [.example])
        #expect(reports.map(\.winner.number) == [9])
        #expect(try await catalogue.totals().versions == 2)
        let audit = try await catalogue.audit(limit: 2)
        #expect(audit.map(\.action) == ["roll back", "promote"])
        let older = try await catalogue.audit(before: audit.last?.id, limit: 1)
        #expect(older.map(\.action) == ["promote"])
    }

    @Test func `what does not exist is nil or empty`() async throws {
        let catalogue = try journal().catalogue
        #expect(try await catalogue.sweep(SweepID(9)) == nil)
        #expect(try await catalogue.trial(TrialID(sweep: sweep, number: 9)) == nil)
        #expect(try await catalogue.trials(of: SweepID(9)).isEmpty)
        #expect(try await catalogue.leaderboard(of: sweep).isEmpty)
        #expect(try await catalogue.sweeps(limit: -5).isEmpty)
        #expect(try await catalogue.models().isEmpty)
    }
}
