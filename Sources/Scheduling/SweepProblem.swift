import Vocabulary

extension SweepSpec {
    /// What makes the sweep impossible, whoever wrote it; sweep files are checked more closely.
    var problem: String? {
        guard (1...Limits.experimentsPerSweep).contains(experiments.count) else {
            return "a sweep has 1 to \(Limits.experimentsPerSweep) experiments"
        }
        guard Set(experiments.map(\.name)).count == experiments.count else {
            return "two experiments have the same name"
        }
        let trials = experiments.reduce(UInt64(0)) { $0 + UInt64($1.trials) }
        guard (1...UInt64(Limits.trialsPerSweep)).contains(trials) else {
            return "a sweep has 1 to \(Limits.trialsPerSweep) trials"
        }
        guard experiments.allSatisfy({ $0.trials > 0 }) else {
            return "an experiment has at least one trial"
        }
        guard
            experiments.allSatisfy({ (1...Limits.cpusPerWorker).contains($0.resources.cpus) })
        else {
            return "a trial needs 1 to \(Limits.cpusPerWorker) CPUs"
        }
        guard experiments.allSatisfy({ $0.messageBytes + dataBytes <= Self.messageRoom }) else {
            return "its parameters and columns do not fit the message that a worker gets: use "
                + "fewer or shorter names and values"
        }
        return promotionProblem
    }

    private var promotionProblem: String? {
        guard let promotion else { return nil }
        guard model != nil, data?.gate != nil else {
            return "promotion needs a model's name and data with a share for the gate"
        }
        let confirmations = promotion.finalists.multipliedReportingOverflow(by: promotion.seeds)
        guard !confirmations.overflow, confirmations.partialValue > 0,
            confirmations.partialValue <= Limits.confirmationsPerSweep
        else {
            return "finalists times seeds is 1 to \(Limits.confirmationsPerSweep)"
        }
        return nil
    }

    /// Bytes of a frame that parameters and columns may take; the rest is ample for all else.
    private static let messageRoom = Limits.controlFrameBytes / 2

    /// About how long the description of the data is in a message.
    private var dataBytes: Int {
        guard let spec = data?.spec else { return 0 }
        let columns = spec.columns.reduce(0) { $0 + $1.utf8.count + 4 }
        return columns + 8 * (spec.lags.count + spec.means.count) + spec.path.utf8.count
    }
}

extension ExperimentSpec {
    /// About how long a point of the space is in a message, at the most.
    fileprivate var messageBytes: Int {
        space.parameters.reduce(program?.messageBytes ?? 0) {
            $0 + $1.name.utf8.count + $1.domain.longestText + 16
        }
    }
}

extension Program {
    /// About how long it is in a message.
    fileprivate var messageBytes: Int {
        let words =
            switch action {
            case .python(let entry, _): [entry]
            case .command(let words): words
            }
        var texts = words
        switch environment {
        case .system: break
        case .requirements(let text), .image(let text): texts.append(text)
        }
        return texts.reduce(0) { $0 + $1.utf8.count + 4 }
    }
}

extension Domain {
    /// Bytes of the longest text among the values.
    fileprivate var longestText: Int {
        switch self {
        case .constant(let value): value.description.utf8.count
        case .categorical(let values, _): values.map(\.description.utf8.count).max() ?? 0
        case .float, .integer, .normal: 0
        }
    }
}
