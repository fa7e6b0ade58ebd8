import API
import Registry
import Vocabulary

extension Phase {
    /// The phase in the tone that fits it.
    var styled: StyledText {
        switch self {
        case .searching, .confirming, .judging: StyledText(rawValue, .accent)
        case .finished: StyledText(rawValue, .good)
        case .failed: StyledText(rawValue, .bad)
        case .cancelled: StyledText(rawValue, .warning)
        }
    }
}

extension SweepEntry {
    /// The phase, or `paused`.
    var standing: StyledText {
        paused && !phase.isFinal ? StyledText("paused", .warning) : phase.styled
    }
}

extension TrialEntry {
    /// Where it stands, with the class of a failure: `failed: timeout`.
    var standing: StyledText {
        switch state {
        case .waiting: StyledText(state.rawValue, .faint)
        case .running: StyledText(state.rawValue, .accent)
        case .succeeded: StyledText(state.rawValue, .good)
        case .pruned: StyledText(state.rawValue)
        case .failed: StyledText("failed" + (failure.map { ": \($0.words)" } ?? ""), .bad)
        }
    }
}

extension FailureClass {
    /// The class in words.
    var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}

extension SweepDocument {
    /// When it is served: `2, weight 3, 8 trials at once, may stop others`.
    var serving: String {
        var words = ["\(priority)"]
        if sharing.weight != 1 { words.append("weight \(sharing.weight)") }
        if let count = sharing.concurrency { words.append("\(count) trials at once") }
        if sharing.preempts { words.append("may stop others") }
        return words.joined(separator: ", ")
    }
}

extension CodeBundle {
    /// Where it comes from and how long it is: `commit 3f2a1b9c on main, changed since; 12 KiB`.
    var words: String {
        guard let commit else { return HumanForm.bytes(byteCount) }
        let place = branch.map { " on \($0)" } ?? ""
        let change = isDirty ? ", changed since" : ""
        return "commit \(commit.prefix(8))\(place)\(change); \(HumanForm.bytes(byteCount))"
    }
}

extension TrialCounts {
    /// The counts in words, what is zero left out except for failures: `12 succeeded, 0 failed`.
    var words: String {
        let parts = [
            (running, "running"), (waiting, "waiting"), (succeeded, "succeeded"),
            (pruned, "pruned"),
        ]
        let present = parts.filter { $0.0 > 0 }.map { "\(HumanForm.count($0.0)) \($0.1)" }
        return (present + ["\(HumanForm.count(failed)) failed"]).joined(separator: ", ")
    }
}

extension TrialEntry {
    /// Its parameters without those that have the same value in every trial of its experiment.
    func varied(among experiments: [ExperimentDocument]) -> [Assignment] {
        let constants = experiments.first { $0.name == experiment }?.constants ?? []
        return parameters.without(constants)
    }
}

extension [Assignment] {
    /// The assignments whose names are not among `names`.
    func without(_ names: [String]) -> [Assignment] { filter { !names.contains($0.name) } }

    /// `eta=0.1 max_depth=6`, numbers shortened.
    var words: String {
        map { assignment in
            switch assignment.value {
            case .float(let value): "\(assignment.name)=\(HumanForm.number(value, digits: 4))"
            default: "\(assignment.name)=\(assignment.value)"
            }
        }.joined(separator: " ")
    }
}

extension [Metric] {
    /// `rmse=41.5 gate_rmse=43`, numbers shortened.
    var words: String {
        map { "\($0.name)=\(HumanForm.number($0.value))" }.joined(separator: " ")
    }
}
