import ArgumentParser
import Foundation
import Trainers

/// `picoml trial-process`: executes one attempt for a worker.
struct TrialProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial-process", abstract: "Execute one trial for a worker.",
        shouldDisplay: false)

    func run() throws {
        throw ExitCode(TrialProcess.run(environment: ProcessInfo.processInfo.environment))
    }
}

/// `picoml predict-process`: loads a model and predicts, apart from the process that asks.
struct PredictProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict-process", abstract: "Predict with a model for another process.",
        shouldDisplay: false)

    func run() throws { throw ExitCode(PredictProcess.run()) }
}
