import Glibc
import Processes
import Vocabulary

/// What the end of a command means, when it said nothing of it itself.
enum CommandVerdict {
    /// The failure of a command that ended with `status`, which is not `.code(0)`.
    ///
    /// `program` is the first word of the command, `log` the last part of what it printed.
    static func failure(
        _ status: ExitStatus, program: String, log: [UInt8]
    ) -> TrialEnd {
        let text = String(decoding: log, as: UTF8.self)
        let words = lastWords(log)
        let inside = status.ofProgramInside
        switch status {
        case _ where inside == .signal(SIGKILL):
            return .failed(.outOfMemory, message: inside.sentence + words)
        case _ where inside.isCrash:
            // What ran out of memory aborts too, and says so.
            let kind = kind(of: text)
            return .failed(
                kind == .trainerError ? .crash : kind, message: inside.sentence + words)
        case .signal:
            return .failed(kind(of: text), message: status.sentence + words)
        case .code(let code) where code == 126 || code == 127:
            // What env and shells end with when they cannot start a program.
            return .failed(
                .badCode,
                message: "exit code \(code): \"\(program)\" or a program that it starts is "
                    + (code == 127 ? "not there" : "not executable") + words)
        case .code(let code):
            return .failed(kind(of: text), message: "exit code \(code)" + words)
        }
    }

    /// The bytes of a log that are looked at.
    static let logBytes = 4096

    /// The end of the log at `path`; nothing when it cannot be read.
    static func tail(ofLog path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: logBytes)
        let count = unsafe pread(descriptor, &bytes, logBytes, max(0, size - off_t(logBytes)))
        return Array(bytes.prefix(max(0, count)))
    }

    private static func kind(of log: String) -> FailureClass {
        let exception = exception(in: log) ?? ""
        // NumPy's ends like Python's own; the others are CuPy's, PyTorch's and TensorFlow's.
        let names = ["OutOfMemoryError", "ResourceExhaustedError"]
        // PyTorch for both makers of GPUs, JAX, and C++.
        let marks = [
            "CUDA out of memory", "HIP out of memory", "RESOURCE_EXHAUSTED", "std::bad_alloc",
        ]
        guard
            !exception.hasSuffix("MemoryError"), !names.contains(exception),
            !marks.contains(where: log.contains)
        else { return .outOfMemory }
        // What strerror(3) says of ENOSPC and EDQUOT, in whatever language the program is written.
        let full = ["No space left on device", "Disk quota exceeded"]
        guard !full.contains(where: log.contains) else { return .outOfDisk }
        let errors = [
            "ModuleNotFoundError", "ImportError", "SyntaxError", "IndentationError", "TabError",
        ]
        return errors.contains(exception) ? .badCode : .trainerError
    }

    /// The name of the exception in the last line of a Python traceback, after which other things
    /// may have been printed.
    private static func exception(in log: String) -> String? {
        for line in log.split(whereSeparator: \.isNewline).reversed() {
            let name = line.prefix { $0 != ":" }
            guard name.hasSuffix("Error") || name.hasSuffix("Exception"),
                name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
            else { continue }
            return name.split(separator: ".").last.map(String.init)
        }
        return nil
    }

    private static func lastWords(_ log: [UInt8]) -> String {
        log.isEmpty ? "" : ": " + String(decoding: log.suffix(1000), as: UTF8.self)
    }
}
