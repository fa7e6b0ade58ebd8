import Synchronization
package import Vocabulary

/// The environments that executions of this worker use: nobody on the host removes those.
package final class EnvironmentUses: Sendable {
    private struct Use {
        let hold: Hold
        var attempts: Set<AttemptID>
    }

    private final class Hold: Sendable {
        private let lock: FileLock

        init(_ lock: consuming FileLock) { self.lock = lock }
    }

    // By the path of the environment.
    private let uses = Mutex<[String: Use]>([:])

    /// No environment is in use.
    package init() {}

    /// Keeps `environment` for an execution until that is released.
    ///
    /// - Returns: Whether it is complete and stays; not while somebody builds or removes it.
    package func hold(
        _ environment: VirtualEnvironment, for attempt: AttemptID
    ) throws(WorkerError) -> Bool {
        try uses.withLock { uses throws(WorkerError) in
            if uses[environment.path] == nil {
                guard let lock = try FileLock(environment.lockPath, isShared: true) else {
                    return false
                }
                uses[environment.path] = Use(hold: Hold(lock), attempts: [])
            }
            guard environment.isComplete else {
                if uses[environment.path]?.attempts.isEmpty == true {
                    uses[environment.path] = nil
                }
                return false
            }
            environment.touch()
            uses[environment.path]?.attempts.insert(attempt)
            return true
        }
    }

    /// What an execution used may go, as far as it is concerned.
    package func release(_ attempt: AttemptID) {
        uses.withLock { uses in
            for (path, use) in uses where use.attempts.contains(attempt) {
                uses[path]?.attempts.remove(attempt)
                if uses[path]?.attempts.isEmpty == true { uses[path] = nil }
            }
        }
    }
}
