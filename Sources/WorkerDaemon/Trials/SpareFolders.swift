import Bundles
import CLinux
import Glibc
import Synchronization

/// Folders of ended trials in which nothing was left, for the next trials of the same process.
///
/// Making and removing a trial's folders takes a disk longer than a short trial takes. They pass
/// only between the trials of one process that runs one after the other, and shares all else with
/// them already.
package final class SpareFolders: Sendable {
    private struct State {
        var paths: [String] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// More than trials whose results can be on their way at once when each takes a moment.
    static let limit = 32

    /// None yet.
    package init() {}

    /// Takes over the folder of an ended trial.
    ///
    /// - Returns: Whether it was taken over; one that a trial changed is not.
    package func offer(_ directory: String) -> Bool {
        guard state.withLock({ !$0.isClosed && $0.paths.count < Self.limit }),
            Self.isBlank(directory)
        else { return false }
        return state.withLock { state in
            guard !state.isClosed, !state.paths.contains(directory) else { return false }
            state.paths.append(directory)
            return true
        }
    }

    /// Makes one of them the folder `directory` of a new trial.
    ///
    /// - Returns: Whether there was one, and nothing is at `directory` yet.
    package func take(as directory: String) -> Bool {
        let spare: String? = state.withLock { state in
            // Numbers of trials may come again, such as when a coordinator goes back to a copy.
            if let index = state.paths.firstIndex(of: directory) {
                return state.paths.remove(at: index)
            }
            return state.paths.popLast()
        }
        guard let spare else { return false }
        if spare == directory { return true }
        if unsafe rename(spare, directory) == 0 { return true }
        // What was fetched for the trial lies there already.
        Self.remove(spare)
        return false
    }

    /// Removes them; none are taken over from now on.
    package func close() {
        let paths = state.withLock { state in
            state.isClosed = true
            defer { state.paths.removeAll() }
            return state.paths
        }
        for path in paths { Self.remove(path) }
    }

    private static func remove(_ path: String) {
        // A later start of the worker tries again.
        try? FolderRemoval.remove(path)
    }

    /// Whether a trial's folder is as it was when the trial began: an empty log, and two empty
    /// folders.
    private static func isBlank(_ directory: String) -> Bool {
        let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { Glibc.close(folder) }
        let parts = [TrialChild.logName, TrialFolder.temporaryName, TrialFolder.checkpointName]
        guard isPrivate(folder, "", S_IFDIR | 0o700),
            isPrivate(folder, TrialChild.logName, S_IFREG | 0o600),
            hasOnly(parts, in: folder)
        else { return false }
        return parts.dropFirst().allSatisfy { name in
            let inner = unsafe openat(
                folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard inner >= 0 else { return false }
            defer { Glibc.close(inner) }
            return isPrivate(inner, "", S_IFDIR | 0o700) && hasOnly([], in: inner)
        }
    }

    /// Whether an entry has this mode, holds no bytes if it is a file, and has no second name.
    private static func isPrivate(_ folder: Int32, _ name: String, _ mode: mode_t) -> Bool {
        var facts = picoml_facts()
        guard unsafe picoml_look(folder, name, 0, &facts) == 0, facts.mode == mode else {
            return false
        }
        return mode & S_IFMT == S_IFDIR || facts.size == 0 && facts.links == 1
    }

    /// Whether an open folder, which was not read before, holds nothing but `names`.
    private static func hasOnly(_ names: [String], in folder: Int32) -> Bool {
        let known = names.map { Array($0.utf8CString) }
        var found = 0
        let isKnown = FolderScan.all(in: folder) { name in
            found += 1
            return known.contains(name)
        }
        return isKnown && found == known.count
    }
}
