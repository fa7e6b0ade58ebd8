import Vocabulary

/// The keys that describe a program, with the trainers for which they have a meaning.
enum ProgramKey: String, CaseIterable, Sendable {
    case entry
    case reuse
    case command
    case program
    case metricsFrom = "metrics_from"
    case environment

    /// The trainers that use the key.
    var trainers: [Trainer] {
        switch self {
        case .entry, .reuse: [.python]
        case .command, .program, .metricsFrom: [.command]
        case .environment: [.python, .command]
        }
    }

    /// The one trainer that the key implies; nil when it implies none.
    var implied: Trainer? {
        switch self {
        case .entry: .python
        case .command, .program: .command
        case .reuse, .metricsFrom, .environment: nil
        }
    }

    /// The trainers as a message names them.
    var owner: String {
        let names = trainers.map { "`\($0.rawValue)`" }.joined(separator: " and ")
        return trainers.count == 1 ? "the trainer \(names)" : "the trainers \(names)"
    }

    /// The first key of `node` that implies each trainer, in the order of the cases.
    static func implying(in node: Node) -> [(key: ProgramKey, trainer: Trainer)] {
        var found: [(key: ProgramKey, trainer: Trainer)] = []
        for key in allCases where node.has(key.rawValue) {
            guard let trainer = key.implied, !found.contains(where: { $0.trainer == trainer })
            else { continue }
            found.append((key, trainer))
        }
        return found
    }
}

extension ExperimentDraft {
    /// The keys of `ProgramKey`.
    static let programFields: [Field<ExperimentDraft>] = [
        Field(
            "entry", .entry, \.entry,
            "For `python`: the function that trains, as `train.py:train`. Implies the trainer."),
        Field(
            "reuse", .boolean, \.isReused,
            "For `python`: whether trials run one after the other in one process; false without "
                + "it."),
        Field(
            "command", .command, \.command,
            "For `command`: its words, with macros such as `${params.lr}` and `${args}`. Implies "
                + "the trainer. Without it, `program` is called with `${args}`."),
        Field(
            "program", .programPath, \.program,
            "For `command`: the file that `${program}` stands for. Implies the trainer."),
        Field(
            "metrics_from", .choice(of: "source of metrics"), \.metricsSource,
            "For `command`: whether metrics are read from what it prints (`output`); `channel` "
                + "without it."),
        Field(
            "environment", .environment, \.environment,
            "For `python` and `command`: what they run in; `system`, what the host has installed, "
                + "without it."),
    ]
}
