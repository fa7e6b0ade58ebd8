import Glibc

/// How a process ended.
package enum ExitStatus: Hashable, Sendable {
    /// By itself, with a code.
    case code(Int32)
    /// By a signal.
    case signal(Int32)

    /// The status as the kernel gives it to whoever waits for a process.
    package init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }

    /// The status of the program that a shell or a container engine ran: 128 and the number of the
    /// signal is what they end with after one (POSIX, Shell Command Language, 2.8.2).
    package var ofProgramInside: ExitStatus {
        guard case .code(let code) = self, code > 128, code <= 128 + SIGSYS else { return self }
        return .signal(code - 128)
    }

    /// Whether native code failed: a bad address, a bad instruction, or an abort.
    package var isCrash: Bool {
        guard case .signal(let signal) = self else { return false }
        return [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS].contains(signal)
    }

    /// What a person is told of an end that nobody asked for: `the process ended by signal 11 (it
    /// crashed in native code: Segmentation fault)`.
    package var sentence: String {
        switch self {
        case .code(let code): return "the process ended with code \(code)"
        case .signal(SIGKILL):
            return "the process was killed from outside, as the kernel does when memory runs out"
        case .signal(let signal):
            let name = unsafe String(cString: strsignal(signal))
            let cause = isCrash ? "it crashed in native code: " : ""
            return "the process ended by signal \(signal) (\(cause)\(name))"
        }
    }
}
