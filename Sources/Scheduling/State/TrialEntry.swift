package import Vocabulary

/// What is known of one trial.
package struct TrialEntry: Hashable, Sendable {
    /// The position of its experiment in the sweep, from 0.
    package let experiment: Int
    /// What it is to do.
    package let task: TrialTask
    /// The point of the search space.
    package let parameters: [Assignment]
    /// Seed of the trainer's own random choices.
    package let seed: UInt64
    /// Where it stands.
    package var state: TrialState = .waiting
    /// The number of the newest attempt; 0 before the first.
    package var attempt: UInt32 = 0
    /// Who holds the newest attempt while it runs.
    package var worker: WorkerID?
    /// The positions of the GPUs that the newest attempt has, or had.
    package var devices: [UInt32] = []
    /// Attempts that were lost with their workers.
    package var lostAttempts: UInt32 = 0
    /// Attempts that ended with an error of the trainer.
    package var failedAttempts: UInt32 = 0
    /// The last step that the newest attempt reported; 0 before the first.
    package var step: UInt64 = 0
    /// The last step that the pruner saw; above `step` after a resumption.
    package var prunedStep: UInt64 = 0
    /// The objective: the last reported value while it runs, what counts when it has ended.
    package var objective: Double?
    /// Whether the pruner would stop the newest attempt.
    package var isPruneAdvised = false
    /// Whether the newest attempt was told to stop for the pruner.
    package var isPruneDecided = false
    /// The result that ended it, to recognise the same one sent again.
    package var fingerprint: UInt64?
    /// The files of the result that ended it.
    package var artifacts: [Artifact] = []
    /// The metrics of the result that ended it, kept for trials that the gate looks at.
    package var metrics: [Metric] = []

    init(_ creation: TrialCreation) {
        experiment = Int(creation.experiment)
        task = creation.task
        parameters = creation.parameters
        seed = creation.seed
    }
}

extension AttemptResult {
    /// A number that differs for different results: FNV-1a over all that counts.
    package var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0x0000_0100_0000_01B3
        }
        func mix(_ text: String) {
            for byte in text.utf8 { mix(UInt64(byte)) }
            mix(0xFF)
        }
        mix(UInt64(attempt.number))
        switch outcome {
        case .succeeded: mix(1)
        case .pruned: mix(2)
        case .returned: mix(3)
        case .failed(let failure): mix(failure.rawValue)
        }
        for metric in metrics {
            mix(metric.name)
            mix(metric.value.bitPattern)
        }
        for artifact in artifacts {
            mix(artifact.name)
            mix(artifact.digest.description)
        }
        return hash
    }
}
