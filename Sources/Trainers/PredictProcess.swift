import CLinux
import FoundationEssentials
import Glibc

/// What `picoml` asks of a process that predicts, as JSON on its standard input.
package struct PredictRequest: Hashable, Sendable, Codable {
    /// The model's file.
    package var model: String
    /// The features' names, in order.
    package var names: [String]
    /// The features of each row; nil where a value is missing.
    package var rows: [[Float?]]

    /// Asks for a prediction for each of `rows`, each of `names.count` values.
    package init(model: String, names: [String], rows: [[Float?]]) {
        self.model = model
        self.names = names
        self.rows = rows
    }
}

/// The answer, as JSON on standard output.
package struct PredictAnswer: Hashable, Sendable, Codable {
    /// One number for each row.
    package var predictions: [Float]

    /// Answers with `predictions`.
    package init(predictions: [Float]) { self.predictions = predictions }
}

/// The process that loads a model and predicts, so that a broken model harms nobody else.
package enum PredictProcess {
    /// The most bytes of a request.
    package static let requestBytes = 256 << 20

    /// Ties this process to the one that started it, then answers on standard output what
    /// standard input asks.
    ///
    /// - Returns: The process's exit code: 0, or 1 after a line on standard error.
    package static func run() -> Int32 {
        _ = picoml_set_parent_death_signal(SIGKILL)
        return answer(input: STDIN_FILENO, output: STDOUT_FILENO)
    }

    /// Reads a ``PredictRequest`` from one descriptor to its end and writes a
    /// ``PredictAnswer`` to another; neither is closed.
    ///
    /// - Returns: 0, or 1 after a line on standard error.
    package static func answer(input: Int32, output: Int32) -> Int32 {
        do {
            let bytes = try readAll(input)
            let request = try JSONDecoder().decode(PredictRequest.self, from: Data(bytes))
            guard request.rows.allSatisfy({ $0.count == request.names.count }) else {
                throw XGBoostError(message: "a row has not \(request.names.count) values")
            }
            let values = request.rows.flatMap { $0.map { $0 ?? .nan } }
            let predictor = try Predictor(path: request.model)
            let predictions = try predictor.predict(values, names: request.names)
            try writeAll(
                Array(try JSONEncoder().encode(PredictAnswer(predictions: predictions))), output)
            return 0
        } catch {
            TrialProcess.complain("\(error)")
            return 1
        }
    }

    private static func readAll(_ descriptor: Int32) throws(ChannelError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count > 0 {
                bytes += chunk.prefix(count)
                guard bytes.count <= requestBytes else {
                    throw ChannelError("the request is longer than \(requestBytes) bytes")
                }
            } else if count == 0 {
                return bytes
            } else if errno != EINTR {
                throw ChannelError("standard input cannot be read (errno \(errno))")
            }
        }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) throws(ChannelError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw ChannelError("standard output cannot be written (errno \(errno))")
            }
        }
    }
}
