import ArgumentParser
import Client
import Foundation
import Simulator

/// `picoml simulate`: the real machines in a world of faults.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run simulated clusters with faults and check what picoml promises.",
        discussion: """
            Each seed is a small cluster: the coordinator's and the workers' own code in a world \
            with lost and delayed messages, crashes, full disks and late results. Independent \
            checkers watch what is promised: no acknowledged result is lost, none counts twice, \
            replaying the journal gives the same state, and everything ends once the faults do.

            Examples:
              picoml simulate --seeds 300
              picoml simulate --seed 17
            """)

    @Option(help: "How many seeds to run, from the first on.")
    var seeds: UInt64 = 100

    @Option(help: "Run this seed alone and describe it.")
    var seed: UInt64?

    @Option(help: "The first of the seeds.")
    var from: UInt64 = 1

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard seeds > 0, from.addingReportingOverflow(seeds).overflow == false else {
            throw ValidationError("--seeds is at least 1.")
        }
    }

    func run() throws {
        let range = seed.map { $0...$0 } ?? from...(from + seeds - 1)
        let summary = SimulationRun.run(seeds: range) { report in
            if seed != nil || !report.violations.isEmpty { output.note(report.description) }
        }
        let result = Result(
            seeds: summary.count, failed: summary.failures.map(\.seed))
        try output.show(result) { _ in
            "\(summary.count) simulated clusters, \(summary.failures.count) broke a promise."
        }
        guard summary.failures.isEmpty else { throw ExitCode(CommandStatus.failed.rawValue) }
    }

    private struct Result: Encodable {
        var seeds: Int
        var failed: [UInt64]
    }
}
