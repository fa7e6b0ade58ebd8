import CLinux
import Datasets
import FoundationEssentials
import Glibc
package import Vocabulary

/// The process that executes one attempt: what `picoml trial-process` does.
package enum TrialProcess {
    /// Ties this process to the worker that started it, then serves the request that
    /// `PICOML_TRIAL` names on the descriptor that `PICOML_CHANNEL` gives.
    ///
    /// - Parameter environment: The process's environment.
    /// - Returns: The process's exit code: as ``serve(requestPath:channel:)`` has it, or 2 when
    ///   the process was not told what to do.
    package static func run(environment: [String: String]) -> Int32 {
        // Asked for first of all; a worker that ended before is noticed by its closed channel.
        _ = picoml_set_parent_death_signal(SIGKILL)
        guard let path = environment["PICOML_TRIAL"],
            let descriptor = environment["PICOML_CHANNEL"].flatMap({ Int32($0) }),
            fcntl(descriptor, F_GETFD) >= 0
        else {
            complain("a trial process is started by a worker, with PICOML_TRIAL and a channel")
            return 2
        }
        // That it cannot be read is said below.
        if let request = try? request(at: path), request.lease.trainer.isProgram {
            // The worker's signal to end is for the program; this process says how it ended.
            _ = signal(SIGTERM, SIG_IGN)
        }
        let code = serve(requestPath: path, channel: descriptor)
        // A worker that is there ends the group itself once this process has ended; one that is
        // gone cannot, and what a command left running would go on for nobody.
        if code == workerGone, getpgrp() == getpid() { kill(0, SIGKILL) }
        return code
    }

    private static let workerGone: Int32 = 3

    /// Reads the request, trains, and answers on the channel, which is closed in the end.
    ///
    /// - Parameters:
    ///   - path: The file with a `TrialRequest` as JSON.
    ///   - descriptor: A connected stream socket.
    /// - Returns: 0 after a result, 1 after a failure that was reported, 3 when the worker is
    ///   gone.
    package static func serve(requestPath path: String, channel descriptor: Int32) -> Int32 {
        var channel = TrialChannel(descriptor: descriptor)
        do throws(TrialEnd) {
            let metrics = try train(try request(at: path), &channel)
            try channel.end(with: .result(metrics: metrics))
            return 0
        } catch {
            return report(error, on: channel)
        }
    }

    private static func train(
        _ request: TrialRequest, _ channel: inout TrialChannel
    ) throws(TrialEnd) -> [Metric] {
        switch request.lease.trainer {
        case .xgboost: return try XGBoostTrainer(request).run(&channel)
        case .rehearsal: return try Rehearsal(request.lease).run(&channel)
        case .command: return try CommandTrainer(request).run(&channel)
        case .python:
            guard request.container != nil else {
                throw .error("The worker itself starts trials in Python.")
            }
            return try CommandTrainer(request).run(&channel)
        case .noop:
            let value = noopMetric(of: request.lease.parameters)
            return [Metric(request.lease.objective.metric, value)]
        }
    }

    private static func request(at path: String) throws(TrialEnd) -> TrialRequest {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: 16 << 20)
        } catch {
            throw TrialEnd("trial's request", error)
        }
        do {
            return try JSONDecoder().decode(TrialRequest.self, from: Data(bytes))
        } catch {
            throw .error("The trial's request cannot be read: \(error)")
        }
    }

    private static func report(_ end: TrialEnd, on channel: borrowing TrialChannel) -> Int32 {
        do throws(ChannelError) {
            switch end {
            case .failed(let kind, let message):
                try channel.send(.failure(kind, message: message))
            case .stopped(.pruned, let last):
                try channel.send(.result(metrics: last))
                return 0
            case .stopped(let reason, _):
                try channel.send(.failure(.cancelled, message: "stopped: \(reason.rawValue)"))
            case .workerGone(let error):
                throw error
            }
            return 1
        } catch {
            complain("\(error)")
            return workerGone
        }
    }

    /// Standard error belongs to the worker, which shows its last lines.
    static func complain(_ message: String) {
        let line = Array("picoml: \(message)\n".utf8)
        _ = unsafe write(STDERR_FILENO, line, line.count)
    }
}

extension TrialChannel {
    fileprivate func end(with message: TrialProcessMessage) throws(TrialEnd) {
        do {
            try send(message)
        } catch {
            throw .workerGone(error)
        }
    }
}

/// The metric of the trainer `noop`: the product of the numeric parameters, 1 without any.
package func noopMetric(of parameters: [Assignment]) -> Double {
    parameters.compactMap(\.value.number).reduce(1, *)
}
