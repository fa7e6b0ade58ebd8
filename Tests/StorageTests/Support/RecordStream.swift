import Registry
import Scheduling
import Vocabulary

/// Random records in an order in which a coordinator could write them.
struct RecordStream {
    private struct OpenTrial {
        let id: TrialID
        var attempt: UInt32 = 0
        var step: UInt64 = 0
        var isRunning = false
    }

    private var source: RandomSource
    private var sweeps: UInt32 = 0
    private var open: [SweepID] = []
    private var created: [SweepID: UInt32] = [:]
    private var trials: [OpenTrial] = []
    private var workers: UInt32 = 0
    private var versions: UInt32 = 0
    private var champion: UInt32?
    private var decisions = 0

    init(seed: UInt64) { source = RandomSource(seed: seed) }

    /// The next `count` batches, each of 1 to 41 records.
    mutating func batches(_ count: Int) -> [[Scheduling.Record]] {
        (0..<count).map { _ in
            (0...source.next(below: 40)).map { _ in next() }
        }
    }

    private mutating func next() -> Scheduling.Record {
        guard workers > 0 else { return authorize() }
        guard !open.isEmpty else { return submit() }
        switch source.next(below: 100) {
        case 0: return authorize()
        case 1: return submit()
        case 2: return finishSweep()
        case 3: return .workerJoined(anyWorker(), facts())
        case 4: return .workerLeft(anyWorker(), .lost)
        case 5: return .sweepPaused(anySweep(), source.next(below: 2) == 0)
        case 6: return .experimentExhausted(anySweep(), experiment: 1)
        case 7: return judge()
        case 8: return registryChange()
        case 9..<35: return create()
        default: return trialRecord()
        }
    }

    private mutating func anySweep() -> SweepID {
        open[Int(source.next(below: UInt64(open.count)))]
    }

    private mutating func anyWorker() -> WorkerID {
        WorkerID(UInt32(source.next(below: UInt64(workers))) + 1)
    }

    private mutating func authorize() -> Scheduling.Record {
        workers += 1
        return .workerAuthorized(WorkerID(workers), name: "oven \(workers)", key: "key \(workers)")
    }

    private mutating func facts() -> WorkerFacts {
        WorkerFacts(
            host: "kitchen-\(source.next(below: 9))", process: 7, cpus: 2, memoryBytes: 1 << 33,
            software: "1.0")
    }

    private mutating func submit() -> Scheduling.Record {
        sweeps += 1
        let sweep = SweepID(sweeps)
        open.append(sweep)
        created[sweep] = 0
        let goal: Objective.Goal = source.next(below: 2) == 0 ? .minimize : .maximize
        return .sweepSubmitted(
            sweep, .example("sweep \(sweeps)", goal: goal), source: "name: \"ü\"\n",
            seed: source.next())
    }

    private mutating func finishSweep() -> Scheduling.Record {
        let sweep = anySweep()
        let phases = SweepPhase.allCases
        let phase = phases[Int(source.next(below: UInt64(phases.count)))]
        trials.removeAll { $0.id.sweep == sweep }
        if phase.isFinal { open.removeAll { $0 == sweep } }
        return .sweepEntered(sweep, phase, reason: "because")
    }

    private mutating func judge() -> Scheduling.Record {
        let sweep = anySweep()
        return .gateJudged(sweep, .example, winner: TrialID(sweep: sweep, number: 1))
    }

    private mutating func registryChange() -> Scheduling.Record {
        if versions == 0 || source.next(below: 2) == 0 {
            versions += 1
            return .registryChanged(.versionRegistered(.example(versions)))
        }
        decisions += 1
        let version = UInt32(source.next(below: UInt64(versions))) + 1
        defer { champion = version }
        return .registryChanged(
            .aliasMoved(
                AliasMove(
                    model: "demand", alias: "champion", from: champion, to: version,
                    decision: "decision \(decisions)", actor: "person:owner", reason: "taste")))
    }

    private mutating func create() -> Scheduling.Record {
        let sweep = anySweep()
        let number = (created[sweep] ?? 0) + 1
        created[sweep] = number
        let trial = TrialID(sweep: sweep, number: number)
        trials.append(OpenTrial(id: trial))
        let tasks: [TrialTask] = [
            .search, .search, .search, .search,
            .confirm(finalist: TrialID(sweep: sweep, number: 1)),
            .score(model: "demand", version: 3),
        ]
        return .trialCreated(
            TrialCreation(
                trial: trial, experiment: UInt32(source.next(below: 2)),
                task: tasks[Int(source.next(below: UInt64(tasks.count)))],
                parameters: [
                    Assignment("eta", .float(source.nextUnit())),
                    Assignment("depth", .integer(Int64(source.next(below: 9)))),
                    Assignment("whole", .float(1)), Assignment("fast", .boolean(true)),
                    Assignment("note", .string("a \"quote\", a \\, a\ttab, {ü}")),
                ], seed: source.next()))
    }

    private mutating func trialRecord() -> Scheduling.Record {
        guard !trials.isEmpty else { return create() }
        let index = Int(source.next(below: UInt64(trials.count)))
        guard trials[index].isRunning else {
            trials[index].isRunning = true
            trials[index].attempt += 1
            trials[index].step = 0
            return .attemptStarted(attempt(index), anyWorker())
        }
        switch source.next(below: 10) {
        case 0..<6:
            trials[index].step += 1 + source.next(below: 3)
            let value = source.next(below: 20) == 0 ? .nan : source.nextUnit()
            return .reported(
                MetricReport(
                    attempt: attempt(index), step: trials[index].step,
                    metrics: [Metric("rmse", value), Metric("loss", -value)]))
        case 6: return .pruneDecided(attempt(index))
        default: return end(index)
        }
    }

    private mutating func end(_ index: Int) -> Scheduling.Record {
        let attempt = attempt(index)
        let outcomes: [(Outcome, TrialState)] = [
            (.succeeded, .succeeded), (.succeeded, .succeeded), (.succeeded, .succeeded),
            (.pruned, .pruned), (.failed(.outOfMemory), .failed(.outOfMemory)),
            (.failed(.workerLost), .waiting), (.returned, .waiting),
        ]
        let (outcome, next) = outcomes[Int(source.next(below: UInt64(outcomes.count)))]
        // Few different values, so that there are ties.
        let objective = Double(source.next(below: 50)) / 8
        let hasValue = next == .succeeded || next == .pruned
        trials[index].isRunning = false
        if next.isFinal { trials.remove(at: index) }
        return .attemptEnded(
            AttemptResult(
                attempt: attempt, outcome: outcome,
                metrics: hasValue ? [Metric("rmse", objective)] : [],
                artifacts: hasValue
                    ? [Artifact(name: "model/MLmodel", digest: .example(7), byteCount: 5)] : [],
                seconds: 1.5, message: hasValue ? "" : "it\nfailed"),
            next: next, objective: hasValue ? objective : nil)
    }

    private func attempt(_ index: Int) -> AttemptID {
        AttemptID(trial: trials[index].id, number: trials[index].attempt)
    }
}
