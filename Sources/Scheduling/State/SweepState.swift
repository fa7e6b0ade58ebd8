package import DequeModule
package import Search
package import Vocabulary

/// What a sweep is from its submission to its end.
///
/// An object, because a specification is large, never changes, and is asked for with each trial.
package final class SweepDefinition: Hashable, Sendable {
    /// Its name.
    package let id: SweepID
    /// What was submitted.
    package let spec: SweepSpec
    /// Seed of every random choice.
    package let seed: UInt64

    init(id: SweepID, spec: SweepSpec, seed: UInt64) {
        self.id = id
        self.spec = spec
        self.seed = seed
    }

    /// Whether they say the same.
    package static func == (left: SweepDefinition, right: SweepDefinition) -> Bool {
        left === right
            || left.id == right.id && left.seed == right.seed && left.spec == right.spec
    }

    /// Feeds what tells sweeps apart into a hash.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(seed)
    }

    /// The experiment's suggestions come from a seed of its own, so that adding an experiment
    /// does not change the points of another.
    package func seed(ofExperiment index: Int) -> UInt64 {
        var source = RandomSource(seed: seed, stream: UInt64(index) &+ 1)
        return source.next()
    }

    /// The seed that trial `number` gives its trainer.
    package func seed(ofTrial number: UInt32) -> UInt64 {
        var source = RandomSource(seed: seed, stream: 1 << 32 | UInt64(number))
        // XGBoost and NumPy take seeds of 31 bits, so ours fit everywhere.
        return source.next() >> 33
    }
}

/// What is known of one sweep.
///
/// It holds all trials of the sweep: keeping a copy of it while a record is committed would copy
/// them all, so callers that commit take the `definition` or single trials out of it first.
package struct SweepState: Hashable, Sendable {
    /// What it is.
    package let definition: SweepDefinition
    /// Where it stands.
    package var phase = SweepPhase.searching
    /// Whether a person paused it.
    package var isPaused = false
    /// Its trials; trial n is at n - 1.
    package var trials: [TrialEntry] = []
    /// The checkpoints of its trials, by number; most trials have none.
    package var checkpoints: [UInt32: TrialCheckpoints] = [:]
    /// Its experiments, in the order of the spec.
    package var experiments: [ExperimentState]
    /// Trials that are waiting or running.
    package var openTrials = 0
    /// The failures with which its first trials all ended; nil once one ended in another way.
    package var openingFailures: OpeningFailures? = OpeningFailures()
    /// The trial that won the confirmation last judged.
    package var winner: TrialID?

    init(_ definition: SweepDefinition) {
        self.definition = definition
        let goal = definition.spec.objective.goal
        experiments = definition.spec.experiments.map {
            ExperimentState(pruner: Pruner($0.pruner, goal: goal))
        }
    }

    /// Its name.
    package var id: SweepID { definition.id }

    /// What was submitted.
    package var spec: SweepSpec { definition.spec }

    /// Trial number `number`, if it was created.
    package func trial(_ number: UInt32) -> TrialEntry? {
        trials.indices.contains(Int(number) - 1) ? trials[Int(number) - 1] : nil
    }

    /// Whether its trials all failed alike so far, so that the rest would as well.
    package var isHopeless: Bool { openingFailures?.isHopeless ?? false }

    /// Whether a trial could be placed if a worker had room for it.
    package var hasWaiting: Bool {
        !isPaused && experiments.contains { !$0.waiting.isEmpty }
    }

    /// CPUs of the trials that run.
    package var runningCPUs: UInt64 {
        experiments.indices.reduce(0) {
            let cpus = definition.spec.experiments[$1].resources.cpus
            return $0 + UInt64(experiments[$1].running) * UInt64(cpus)
        }
    }

    /// Whether a waiting trial of an experiment may be placed wherever it fits; `cpusLeft` tells
    /// what a user may still have.
    func mayServe(_ experiment: Int, cpusLeft: (String?) -> UInt64?) -> Bool {
        guard !isPaused, !isAtConcurrency, !experiments[experiment].waiting.isEmpty else {
            return false
        }
        let left = cpusLeft(definition.spec.sharing.user)
        return left.map { definition.spec.experiments[experiment].resources.cpus <= $0 } ?? true
    }

    /// Whether as many trials run as may at once.
    package var isAtConcurrency: Bool {
        definition.spec.sharing.concurrency.map { running >= $0 } ?? false
    }

    /// The experiment that is served next among those that `isPossible` holds for and whose next
    /// trial takes no longer than `secondsLeft`: the one that runs least.
    func nextExperiment(
        within secondsLeft: Double?, where isPossible: (Int, Resources) -> Bool
    ) -> Int? {
        guard !isPaused, !isAtConcurrency else { return nil }
        var candidate: Int?
        for index in experiments.indices {
            guard let next = experiments[index].waiting.first,
                secondsLeft.map({ secondsNeeded(by: next, of: index) <= $0 }) ?? true,
                isPossible(index, definition.spec.experiments[index].resources)
            else { continue }
            if let chosen = candidate, experiments[chosen].running <= experiments[index].running {
                continue
            }
            candidate = index
        }
        return candidate
    }

    /// How long trial `number` of an experiment is expected to run.
    ///
    /// As long as the longest so far; before there is one, as long as it may at the most. One that
    /// goes on from a checkpoint gets further wherever it runs.
    package func secondsNeeded(by number: UInt32, of experiment: Int) -> Double {
        guard checkpoints[number]?.latest == nil else { return 0 }
        let limit = definition.spec.experiments[experiment].timeLimit
        let longest = experiments[experiment].longestSeconds
        return longest > 0 ? min(longest, limit ?? longest) : limit ?? 0
    }

    /// Trials that run.
    package var running: Int { experiments.reduce(0) { $0 + $1.running } }
}

/// How the first trials of a sweep failed, as long as all of them failed alike.
package struct OpeningFailures: Hashable, Sendable {
    /// Trials after which a failure is no accident: parameters differ, and the error does not.
    static let limit = 5

    private var kind: FailureClass?
    private var gist = ""
    private var count = 0

    /// Whether there is no hope for the rest.
    var isHopeless: Bool { kind == .badCode || count >= Self.limit }

    /// Takes a further failed trial; nil when it failed in another way.
    func adding(_ failure: FailureClass, _ message: String) -> OpeningFailures? {
        guard [.badCode, .trainerError, .crash, .metricMissing].contains(failure) else {
            return nil
        }
        let gist = Self.gist(of: message)
        guard kind == nil || kind == failure && self.gist == gist else { return nil }
        var failures = self
        failures.kind = failure
        failures.gist = gist
        failures.count += 1
        return failures
    }

    /// The last line of `message`, where a traceback has the error itself; nil when it is empty.
    static func error(in message: String) -> Substring? {
        message.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    }

    /// The error without what a number is written with: numbers come from the parameters.
    private static func gist(of message: String) -> String {
        String((error(in: message) ?? "").filter { !"0123456789.+-e".contains($0) })
    }
}

/// What is known of one experiment of a sweep.
package struct ExperimentState: Hashable, Sendable {
    /// Stops trials early.
    package var pruner: Pruner
    /// Search trials created so far; also the number of the next suggestion.
    package var created: UInt32 = 0
    /// Whether no further search trials will be created.
    package var isExhausted = false
    /// Trials to be placed, next one first; retries go to the front.
    package var waiting: Deque<UInt32> = []
    /// Trials that run.
    package var running = 0
    /// The best objective of a trial that succeeded, for people and for the sampler.
    package var best: Double?
    /// Trials with the best objectives, the best first, for a sampler that learns.
    package var leaders: [UInt32] = []
    /// Seconds of the longest execution that ended by itself or had to go on elsewhere; 0 before
    /// the first.
    package var longestSeconds = 0.0
}
