import CLinux
import Datasets
import Dispatch
import Foundation
import Synchronization
import Testing
import Trainers
import Vocabulary

/// The files of one attempt in a folder of its own, which goes with the fixture.
final class TrialFixture {
    static let features = DataSpec(
        path: "demand.csv", target: "count", time: "ts", columns: ["tmin", "pn"],
        lags: [1, 24, 168], calendar: [.hour, .weekday], validation: 0.2, gate: 0.2)

    let directory: String
    let data: PreparedData
    let table: PreparedTable
    private let searchPath: String
    private let gatePath: String

    /// Prepares `csv`, by default the last `rows` hours of the shipped data.
    init(rows: Int = 1400, csv: [UInt8]? = nil, spec: DataSpec = features) throws {
        directory =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("picoml-trial-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        table = try PreparedTable.make(
            from: csv ?? Self.demand(rows: rows), file: "demand.csv", spec: spec)
        searchPath = "\(directory)/search.npy"
        gatePath = "\(directory)/gate.npy"
        try FileBytes.write(table.search, to: searchPath)
        try FileBytes.write(table.gate ?? [], to: gatePath)
        // No digest is looked at here: the worker checked them when it fetched the files.
        let digest = try #require(Digest(bytes: [UInt8](repeating: 7, count: 32)))
        data = PreparedData(
            spec: spec, source: digest, search: digest,
            searchBytes: UInt64(table.search.count), gate: digest,
            gateBytes: UInt64(table.gate?.count ?? 0), validationRows: table.validationRows)
    }

    deinit {
        // A folder that is left behind in the system's temporary folder fails no test.
        try? FileManager.default.removeItem(atPath: directory)
    }

    static func demand(rows: Int) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let bytes = try PreparedTable.read("/\(folder)/configs/data/demand.csv", file: "")
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        return Array(([lines[0]] + lines.suffix(rows)).joined(separator: [UInt8(ascii: "\n")]))
    }

    /// A lease of this fixture's data.
    func lease(
        _ parameters: [Assignment], task: TrialTask = .search, trainer: Trainer = .xgboost,
        metric: String = "rmse", seed: UInt64 = 1
    ) -> Lease {
        let trial = TrialID(sweep: SweepID(1), number: 1)
        return Lease(
            attempt: AttemptID(trial: trial, number: 1), task: task, experiment: "Exp1",
            trainer: trainer, parameters: parameters, seed: seed, cpus: 1, timeLimit: nil,
            objective: Objective(metric: metric, goal: .minimize), data: data)
    }

    /// Writes the request for `lease`; gives its path.
    func request(_ lease: Lease, modelPaths: [String: String] = [:]) throws -> String {
        let request = TrialRequest(
            lease: lease, searchPath: searchPath, gatePath: gatePath, modelPaths: modelPaths,
            directory: directory)
        let path = "\(directory)/request.json"
        try FileBytes.write(Array(try JSONEncoder().encode(request)), to: path)
        return path
    }

    /// Serves `lease` on a thread, as a worker would see it from the other end of a real socket.
    ///
    /// `afterReports` reports the worker asks to stop for `stop`.
    func run(
        _ lease: Lease, modelPaths: [String: String] = [:], stop: StopReason? = nil,
        afterReports: Int = 0
    ) throws -> TrialRun {
        let path = try request(lease, modelPaths: modelPaths)
        defer { withExtendedLifetime(self) {} }
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        let (worker, child) = (ends[0], ends[1])
        defer { close(worker) }
        let ended = DispatchSemaphore(value: 0)
        let box = ExitCode()
        Thread.detachNewThread {
            box.code.withLock { $0 = TrialProcess.serve(requestPath: path, channel: child) }
            ended.signal()
        }
        var run = TrialRun()
        var buffer = LineBuffer()
        if let stop, afterReports == 0 { try Self.write(ChannelCoding.line(forStop: stop), worker) }
        while let bytes = try Self.read(worker) {
            for line in try buffer.append(bytes) {
                run.messages.append(try ChannelCoding.message(line))
                if let stop, afterReports > 0, run.curve.count == afterReports {
                    try Self.write(ChannelCoding.line(forStop: stop), worker)
                }
            }
        }
        try #require(ended.wait(timeout: .now() + 60) == .success)
        run.exitCode = box.code.withLock { $0 }
        return run
    }

    private static func write(_ bytes: [UInt8], _ descriptor: Int32) throws {
        let sent = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        // The process may have ended on its own just before.
        try #require(sent == bytes.count || errno == EPIPE)
    }

    /// The next bytes, nil at the end.
    private static func read(_ descriptor: Int32) throws -> ArraySlice<UInt8>? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        try #require(unsafe poll(&entry, 1, 60_000) == 1, "the trial process is silent")
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        try #require(count >= 0 || errno == ECONNRESET)
        return count > 0 ? bytes.prefix(count) : nil
    }
}

private final class ExitCode: Sendable {
    let code = Mutex<Int32?>(nil)
}

/// What a worker heard of one attempt.
struct TrialRun {
    var messages: [TrialProcessMessage] = []
    var exitCode: Int32?

    /// The reported values of the first metric, in order.
    var curve: [Double] {
        messages.compactMap {
            if case .report(_, let metrics) = $0 { metrics.first?.value } else { nil }
        }
    }

    var artifacts: [String] {
        messages.compactMap { if case .artifact(let name, _) = $0 { name } else { nil } }
    }

    /// The final metrics, if the last message is a result.
    var result: [String: Double]? {
        guard case .result(let metrics) = messages.last else { return nil }
        return Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value) })
    }

    /// The failure, if the last message is one.
    var failure: (kind: FailureClass, message: String)? {
        guard case .failure(let kind, let message) = messages.last else { return nil }
        return (kind, message)
    }
}
