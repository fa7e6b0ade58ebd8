import Foundation
import Glibc

/// A process that executes an attempt.
struct TrialProcess: Hashable {
    /// The kernel's number for it.
    let id: pid_t
    /// The trial and the attempt, such as `1.2-1`.
    let attempt: String
}

/// What the kernel says of processes.
enum ProcessTable {
    /// The living trial processes of workers whose folders lie under `folder`.
    static func trials(under folder: String) -> [TrialProcess] {
        processes.compactMap { id in
            guard let request = variable("PICOML_TRIAL", of: id), request.hasPrefix(folder + "/")
            else { return nil }
            let attempt = URL(filePath: request).deletingLastPathComponent().lastPathComponent
            return TrialProcess(id: id, attempt: attempt)
        }
    }

    /// The living processes whose arguments, trial or Python packages lie under `folder`.
    static func all(under folder: String) -> [pid_t] {
        processes.filter { id in
            [command(of: id), variable("PICOML_TRIAL", of: id), variable("PYTHONPATH", of: id)]
                .contains { $0?.contains(folder + "/") == true }
        }
    }

    /// Those among them that run `program`.
    static func all(under folder: String, running program: String) -> [pid_t] {
        all(under: folder).filter { command(of: $0).contains(program) }
    }

    /// The words that a process was started with; empty once it is gone.
    static func command(of id: pid_t) -> String {
        let bytes = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()
        return String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    /// Whether the process is there and not just waiting to be reaped.
    static func isAlive(_ id: pid_t) -> Bool {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/stat") else {
            return false
        }
        // The name in parentheses may hold anything, the state follows it (proc(5)).
        let state = String(decoding: bytes, as: UTF8.self).split(separator: ")").last ?? ""
        return !state.hasPrefix(" Z")
    }

    private static var processes: [pid_t] {
        // Without /proc there is no Linux.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }
    }

    private static func variable(_ name: String, of id: pid_t) -> String? {
        let bytes = FileManager.default.contents(atPath: "/proc/\(id)/environ") ?? Data()
        let entries = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return entries.first { $0.hasPrefix(name + "=") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }
}
