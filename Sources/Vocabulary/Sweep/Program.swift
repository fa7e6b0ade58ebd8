/// What a trainer of the user's own executes.
package struct Program: Hashable, Sendable, Codable {
    /// How it is called.
    package enum Action: Hashable, Sendable, Codable {
        /// The function `train(trial)` that `entry` names, as in `train.py:train`; with `isReused`
        /// trials run one after the other in one process.
        case python(entry: String, isReused: Bool)
        /// A command: its words before macros such as `${params.lr}` are replaced.
        case command([String])
    }

    /// How it is called.
    package var action: Action
    /// What it runs in.
    package var environment: EnvironmentSpec
    /// Whether metrics are read from what it prints.
    package var readsOutput: Bool

    /// Describes a program; see the properties.
    package init(
        action: Action, environment: EnvironmentSpec = .system, readsOutput: Bool = false
    ) {
        self.action = action
        self.environment = environment
        self.readsOutput = readsOutput
    }
}

/// What a program runs in.
package enum EnvironmentSpec: Hashable, Sendable, Codable {
    /// What the host has installed.
    case system
    /// A virtual environment of Python with the packages of a requirements file, whose path is
    /// relative to the code; each host builds it once.
    case requirements(String)
    /// A container image, by the name under which podman or docker gets it.
    case image(String)
}

/// A directory of code as it was when a sweep was submitted.
package struct CodeBundle: Hashable, Sendable, Codable {
    /// The hash of its archive, under which the artifact store keeps it.
    package var digest: Digest
    /// The archive's length in bytes.
    package var byteCount: UInt64
    /// The git commit that was checked out; nil outside of a repository.
    package var commit: String?
    /// The git branch; nil outside of a repository or without one.
    package var branch: String?
    /// Whether the files differed from the commit.
    package var isDirty: Bool
    /// The text in which tracked files differed from the commit, as git prints it and as far as it
    /// is kept, in the artifact store; nil when they did not.
    package var difference: Digest?

    /// Describes a bundle; see the properties.
    package init(
        digest: Digest, byteCount: UInt64, commit: String? = nil, branch: String? = nil,
        isDirty: Bool = false, difference: Digest? = nil
    ) {
        self.digest = digest
        self.byteCount = byteCount
        self.commit = commit
        self.branch = branch
        self.isDirty = isDirty
        self.difference = difference
    }
}

/// What a trial wrote down to go on from: the archive of a directory.
package struct Checkpoint: Hashable, Sendable, Codable {
    /// The last step that it covers, from 1.
    package var step: UInt64
    /// The archive's hash, under which the artifact store keeps it.
    package var digest: Digest
    /// The archive's length in bytes.
    package var byteCount: UInt64
    /// The last value of the objective that was reported before it; nil when there was none.
    package var objective: Double?

    /// Describes a checkpoint; see the properties.
    package init(step: UInt64, digest: Digest, byteCount: UInt64, objective: Double? = nil) {
        self.step = step
        self.digest = digest
        self.byteCount = byteCount
        self.objective = objective
    }
}
