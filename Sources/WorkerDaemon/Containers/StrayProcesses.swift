import FoundationEssentials
import Glibc

/// Processes of containers that their engine has lost track of.
///
/// An engine that is interrupted while it starts or stops a container, on a host that has no time
/// for it, may take for gone what goes on.
enum StrayProcesses {
    /// Looks at what is there; more only finds what was started in between.
    private static let looks = 10

    /// Ends what still runs of the trial in the folder `directory`, which it knows by its
    /// environment.
    static func end(ofTrialIn directory: String) {
        for _ in 0..<looks {
            let strays = processes.filter { isOfTrial(in: directory, $0) }
            guard !strays.isEmpty else { return }
            for process in strays { kill(process, SIGKILL) }
        }
    }

    private static var processes: [pid_t] {
        // Without /proc there is nothing to find.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }
    }

    private static func isOfTrial(in directory: String, _ process: pid_t) -> Bool {
        // Not there: it has ended, or belongs to somebody else.
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/environ") else {
            return false
        }
        let start = Array("PICOML_TRIAL=\(directory)/".utf8)
        return bytes.split(separator: 0).contains { $0.starts(with: start) }
    }
}
