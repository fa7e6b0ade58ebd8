import CLinux
import Foundation
import Testing
import Trainers
import Vocabulary

/// The synthetic trainer and how trial processes end.
@Suite struct RehearsalTests {
    static func lease(
        _ fixture: TrialFixture, _ parameters: [(String, ParameterValue)], seed: UInt64 = 1
    ) -> Lease {
        fixture.lease(
            parameters.map { Assignment($0, $1) }, trainer: .rehearsal, metric: "loss", seed: seed)
    }

    @Test func `the curve runs from start to end`() throws {
        let fixture = try TrialFixture(rows: 300)
        let run = try fixture.run(
            Self.lease(
                fixture, [("rounds", .integer(20)), ("start", .float(5)), ("end", .integer(2))]))
        #expect(run.exitCode == 0)
        #expect(run.curve.count == 20)
        #expect(zip(run.curve, run.curve.dropFirst()).filter { $0 <= $1 }.isEmpty)
        #expect(run.curve[0] < 5)
        #expect(abs(run.curve[19] - 2) < 0.03)
        #expect(run.result == ["loss": run.curve[19]])
    }

    @Test func `noise follows the seed`() throws {
        let fixture = try TrialFixture(rows: 300)
        let noise: [(String, ParameterValue)] = [("noise", .float(0.1))]
        let first = try fixture.run(Self.lease(fixture, noise)).curve
        #expect(try fixture.run(Self.lease(fixture, noise)).curve == first)
        #expect(try fixture.run(Self.lease(fixture, noise, seed: 2)).curve != first)
        #expect(first.count == 10)
    }

    @Test func `a pause is ended by the request to stop`() throws {
        let fixture = try TrialFixture(rows: 300)
        let slow: [(String, ParameterValue)] = [("seconds_per_round", .float(3600))]
        let run = try fixture.run(Self.lease(fixture, slow), stop: .pruned)
        #expect(run.exitCode == 0)
        #expect(run.result == [:])
    }

    @Test func `a failure, a NaN and a missing metric are played`() throws {
        let fixture = try TrialFixture(rows: 300)
        let error = try fixture.run(Self.lease(fixture, [("ending", .string("error"))]))
        #expect(error.exitCode == 1)
        #expect(error.failure?.kind == .trainerError)
        let nan = try fixture.run(Self.lease(fixture, [("ending", .string("nan"))]))
        #expect(nan.curve.map(\.isNaN) == [Bool](repeating: false, count: 9) + [true])
        #expect(nan.result?["loss"]?.isNaN == true)
        let silent = try fixture.run(Self.lease(fixture, [("ending", .string("no_metric"))]))
        #expect(silent.curve.isEmpty)
        #expect(silent.result == [:])
    }

    @Test func `an unknown parameter, ending or task is named`() throws {
        let fixture = try TrialFixture(rows: 300)
        for parameter in [("epochs", ParameterValue.integer(3)), ("ending", .string("happy"))] {
            let run = try fixture.run(Self.lease(fixture, [parameter]))
            #expect(run.failure?.message.contains("no parameter \(parameter.0)") == true)
        }
        var lease = Self.lease(fixture, [])
        lease.task = .score(model: "demand", version: 1)
        #expect(try fixture.run(lease).failure?.kind == .trainerError)
    }

    @Test func `the product of the numbers is the metric of noop`() throws {
        let parameters = [
            Assignment("a", .float(1.5)), Assignment("b", .integer(4)),
            Assignment("c", .string("x")), Assignment("d", .boolean(true)),
        ]
        #expect(noopMetric(of: parameters) == 6)
        #expect(noopMetric(of: []) == 1)
        let fixture = try TrialFixture(rows: 300)
        let run = try fixture.run(fixture.lease(parameters, trainer: .noop))
        #expect(run.result == ["rmse": 6])
    }

    @Test func `a request that cannot be read is a failure`() throws {
        let fixture = try TrialFixture(rows: 300)
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        defer { withExtendedLifetime(fixture) { _ = close(ends[0]) } }
        let path = "\(fixture.directory)/nothing.json"
        #expect(TrialProcess.serve(requestPath: path, channel: ends[1]) == 1)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(ends[0], &bytes, bytes.count, 0)
        let line = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        #expect(line.contains("trainer_error"))
    }

    @Test func `a process whose worker is gone ends`() throws {
        let fixture = try TrialFixture(rows: 300)
        let path = try fixture.request(
            Self.lease(fixture, [("seconds_per_round", .integer(3600))]))
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        close(ends[0])
        defer { withExtendedLifetime(fixture) {} }
        #expect(TrialProcess.serve(requestPath: path, channel: ends[1]) == 3)
    }

    /// Runs `ending` as a process of its own with a channel, shows the last that it said there
    /// on standard error, and ends with its exit code.
    static func play(_ ending: String, _ prepare: (Int32) -> Void = { _ in }) throws -> Never {
        let fixture = try TrialFixture(rows: 300)
        let path = try fixture.request(lease(fixture, [("ending", .string(ending))]))
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        prepare(ends[0])
        let code = withExtendedLifetime(fixture) {
            TrialProcess.run(
                environment: ["PICOML_TRIAL": path, "PICOML_CHANNEL": "\(ends[1])"])
        }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(ends[0], &bytes, bytes.count, 0)
        _ = unsafe write(STDERR_FILENO, bytes, max(0, count))
        exit(code)
    }

    @Test func `a process that exits without a word does so`() async {
        await #expect(processExitsWith: .exitCode(7)) { try Self.play("exit") }
    }

    @Test func `a process that hangs ends only when it is killed`() async {
        await #expect(processExitsWith: .signal(SIGALRM)) {
            // The kernel ends it, as a worker does when it has waited long enough.
            try Self.play("hang") { _ in alarm(1) }
        }
    }

    @Test func `a process that runs out of memory says so`() async {
        let result = await #expect(
            processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
        ) {
            try Self.play("memory") { _ in
                var limit = rlimit()
                _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
                limit.rlim_cur = 512 << 20
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
            }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("out_of_memory"))
    }

    @Test func `a process without its environment says what it is for`() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(2), observing: [\.standardErrorContent]
        ) {
            exit(TrialProcess.run(environment: ["PICOML_CHANNEL": "999"]))
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("started by a worker"))
    }
}
