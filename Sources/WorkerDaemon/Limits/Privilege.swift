import CLinux

/// A part of what root may do (capabilities(7)) that a worker needs to run trials as somebody else:
/// the numbers are the kernel's.
package enum Privilege: UInt64, CaseIterable {
    /// To hand files over.
    case chown = 0
    /// To read and remove what trials wrote.
    case accessFiles = 1
    /// To remove it where trials made it hard to.
    case ownFiles = 3
    /// To end trials.
    case kill = 5
    /// To leave the worker's groups.
    case setGroup = 6
    /// To leave the worker's user.
    case setUser = 7

    /// Its name as systemd.exec(5) has it.
    private var name: String {
        switch self {
        case .chown: "CAP_CHOWN"
        case .accessFiles: "CAP_DAC_OVERRIDE"
        case .ownFiles: "CAP_FOWNER"
        case .kill: "CAP_KILL"
        case .setGroup: "CAP_SETGID"
        case .setUser: "CAP_SETUID"
        }
    }

    /// The capabilities in force, a bit for each number.
    static var held: UInt64 { picoml_capabilities() }

    /// Checks that all of them are among `held`, which has a bit for each number.
    ///
    /// Trials that were to run as somebody else must not run as the worker instead.
    ///
    /// - Throws: `WorkerError` that names those that are missing.
    package static func check(_ held: UInt64) throws(WorkerError) {
        let missing = allCases.filter { held >> $0.rawValue & 1 == 0 }.map(\.name)
        guard !missing.isEmpty else { return }
        throw WorkerError(
            "trials cannot run as another user, because the worker lacks "
                + missing.joined(separator: ", ")
                + ": run it as root or as the service picoml-worker, or leave out trial_user")
    }
}
