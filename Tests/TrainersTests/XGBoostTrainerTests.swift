import Datasets
import Testing
import Trainers
import Vocabulary

/// Real training of the four families on the shipped data.
@Suite struct XGBoostTrainerTests {
    static let families: [(String, [Assignment])] = [
        (
            "gblinear",
            [Assignment("booster", .string("gblinear")), Assignment("rounds", .integer(20))]
        ),
        (
            "random forest",
            [
                Assignment("rounds", .integer(1)), Assignment("num_parallel_tree", .integer(20)),
                Assignment("subsample", .float(0.7)), Assignment("eta", .float(1)),
                Assignment("colsample_bynode", .float(0.7)), Assignment("max_depth", .float(7)),
            ]
        ),
        (
            "gbtree",
            [
                Assignment("booster", .string("gbtree")), Assignment("rounds", .integer(15)),
                Assignment("eta", .float(0.3)), Assignment("max_depth", .integer(4)),
            ]
        ),
        (
            "dart",
            [
                Assignment("booster", .string("dart")), Assignment("rounds", .integer(12)),
                Assignment("rate_drop", .float(0.1)), Assignment("one_drop", .boolean(true)),
            ]
        ),
    ]

    /// The error on the validation rows of always predicting the training rows' mean.
    func meanError(_ fixture: TrialFixture) throws -> Double {
        let search = try Table(npy: fixture.table.search)
        let labels = (1...search.rows).map { Double(search.values[$0 * search.names.count - 1]) }
        let training = labels.dropLast(Int(fixture.table.validationRows))
        let mean = training.reduce(0, +) / Double(training.count)
        let errors = labels.suffix(Int(fixture.table.validationRows)).map { ($0 - mean) }
        return (errors.map { $0 * $0 }.reduce(0, +) / Double(errors.count)).squareRoot()
    }

    @Test(arguments: families)
    func `each family learns`(name: String, parameters: [Assignment]) throws {
        let fixture = try TrialFixture()
        let run = try fixture.run(fixture.lease(parameters))
        #expect(run.exitCode == 0)
        let result = try #require(run.result, "\(run.messages.suffix(1))")
        let rmse = try #require(result["rmse"])
        #expect(rmse < 0.7 * (try meanError(fixture)))
        #expect(rmse == run.curve.last)
        #expect(result["rounds"] == Double(run.curve.count))
        #expect(run.curve.count == 1 || rmse < run.curve[0])
        let steps = run.messages.compactMap { message -> UInt64? in
            if case .report(let step, _) = message { step } else { nil }
        }
        #expect(steps == Array(1...UInt64(run.curve.count)))
    }

    @Test func `the curve of boosted trees falls while they learn slowly`() throws {
        let fixture = try TrialFixture()
        let parameters = [Assignment("rounds", .integer(12)), Assignment("eta", .float(0.1))]
        let curve = try fixture.run(fixture.lease(parameters)).curve
        #expect(curve.count == 12)
        #expect(zip(curve, curve.dropFirst()).filter { $0 <= $1 }.isEmpty)
    }

    @Test func `the seed decides the model, bit by bit`() throws {
        let forest = Self.families[1].1
        func model(seed: UInt64) throws -> [UInt8] {
            let fixture = try TrialFixture()
            defer { withExtendedLifetime(fixture) {} }
            let finalist = TrialID(sweep: SweepID(1), number: 1)
            let lease = fixture.lease(forest, task: .confirm(finalist: finalist), seed: seed)
            #expect(try fixture.run(lease).exitCode == 0)
            return try FileBytes.read("\(fixture.directory)/model/model.ubj", limit: 1 << 30)
        }
        let first = try model(seed: 1)
        #expect(try model(seed: 1) == first)
        #expect(try model(seed: 2) != first)
        #expect(try model(seed: 1 << 40) != first)
    }

    @Test func `a trial that is pruned ends with its last report`() throws {
        let fixture = try TrialFixture()
        let parameters = [Assignment("rounds", .integer(100_000))]
        let run = try fixture.run(fixture.lease(parameters), stop: .pruned, afterReports: 3)
        #expect(run.exitCode == 0)
        #expect(run.curve.count >= 3)
        #expect(run.curve.count < 100_000)
        #expect(run.result == ["rmse": try #require(run.curve.last)])
    }

    @Test(arguments: [StopReason.cancelled, .fenced])
    func `a trial that is cancelled has no result`(reason: StopReason) throws {
        let fixture = try TrialFixture()
        let parameters = [Assignment("rounds", .integer(100_000))]
        let run = try fixture.run(fixture.lease(parameters), stop: reason, afterReports: 1)
        #expect(run.exitCode == 1)
        #expect(run.failure?.kind == .cancelled)
        #expect(run.failure?.message == "stopped: \(reason.rawValue)")
    }

    @Test(arguments: [
        (
            Assignment("max_dept", .integer(3)),
            #"no parameter "max_dept". Did you mean "max_depth""#
        ),
        (Assignment("seed", .integer(3)), "seed is set by the worker"),
        (Assignment("nthread", .integer(3)), "nthread is set by the worker"),
        (Assignment("max_depth", .string("deep")), "max_depth"),
        (Assignment("booster", .string("gbtre")), "gbtre"),
        (Assignment("objective", .string("reg:cubederror")), "reg:cubederror"),
        (Assignment("rounds", .integer(0)), "rounds is 0"),
        (Assignment("rounds", .float(2.5)), "rounds is 2.5"),
        (Assignment("rounds", .string("many")), "rounds is many"),
        (Assignment("rounds", .integer(.max)), "rounds is 9223372036854775807"),
    ])
    func `a parameter that cannot be used is named`(
        assignment: Assignment, text: String
    ) throws {
        let fixture = try TrialFixture(rows: 400)
        let run = try fixture.run(
            fixture.lease([Assignment("rounds", .integer(2)), assignment]))
        #expect(run.exitCode == 1)
        #expect(run.failure?.kind == .trainerError)
        #expect(run.failure?.message.contains(text) == true, "\(run.messages)")
        #expect(run.failure?.message.contains("Stack trace") == false)
    }

    @Test func `missing rounds and an unknown metric are named`() throws {
        let fixture = try TrialFixture(rows: 400)
        let rounds = try fixture.run(fixture.lease([]))
        #expect(rounds.failure?.message.contains("rounds is missing") == true)
        let metric = try fixture.run(
            fixture.lease([Assignment("rounds", .integer(2))], metric: "rsme"))
        #expect(metric.failure?.message.contains(#"Did you mean "rmse""#) == true)
        #expect(metric.failure?.message.contains("poisson-nloglik") == true)
    }

    @Test func `a model of several numbers a row is refused`() throws {
        let fixture = try TrialFixture(rows: 400)
        let parameters = [
            Assignment("rounds", .integer(1)), Assignment("objective", .string("multi:softprob")),
        ]
        #expect(try fixture.run(fixture.lease(parameters)).failure?.kind == .trainerError)
    }

    @Test func `data that cannot be trained on is named`() throws {
        let fixture = try TrialFixture(rows: 400)
        var lease = fixture.lease([Assignment("rounds", .integer(1))])
        lease.data?.validationRows = 0
        #expect(try fixture.run(lease).failure?.message.contains("0 validation rows") == true)
        lease.data?.validationRows = .max
        #expect(try fixture.run(lease).failure?.kind == .trainerError)
        lease.data?.validationRows = 10
        lease.data?.spec.target = "tips"
        #expect(try fixture.run(lease).failure?.message.contains("target tips") == true)
        lease.data?.searchBytes = 10
        #expect(try fixture.run(lease).failure?.message.contains("at most 10") == true)
        lease.data = nil
        #expect(try fixture.run(lease).failure?.message.contains("no search rows") == true)
    }

    @Test func `a label that is missing is a failure`() throws {
        let fixture = try TrialFixture(rows: 400)
        let table = try Table(npy: fixture.table.search)
        var values = table.values
        values[table.names.count - 1] = .nan
        try FileBytes.write(
            Table(names: table.names, values: values).npy, to: "\(fixture.directory)/search.npy")
        let run = try fixture.run(fixture.lease([Assignment("rounds", .integer(1))]))
        #expect(run.failure?.message.contains("target is missing or infinite") == true)
    }

    @Test func `a metric that is not finite is a failure of its own class`() throws {
        let rows = (1...60).map { "\($0 % 3)" }.joined(separator: "\n")
        let fixture = try TrialFixture(
            csv: Array("y\n\(rows)\n".utf8),
            spec: DataSpec(path: "", target: "y", lags: [1], validation: 0.3, gate: 0.2))
        let run = try fixture.run(
            fixture.lease([Assignment("rounds", .integer(3))], metric: "mape"))
        #expect(run.failure?.kind == .nonFiniteMetric, "\(run.messages)")
    }
}
