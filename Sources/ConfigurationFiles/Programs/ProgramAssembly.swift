import Vocabulary

/// The trainer and the program of one experiment, from its own keys and those at the top.
struct ProgramAssembly {
    /// The experiment.
    let entry: ExperimentEntry
    /// What stands at the top of the sweep.
    let defaults: ExperimentDraft

    private var own: ExperimentDraft { entry.draft }

    // MARK: Trainer

    /// The trainer that is written, or else the one that the other keys imply, an experiment's
    /// own before those at the top; nil when there is none or it was written wrongly.
    var trainer: Trainer? {
        if own.node.has("trainer") { return own.trainer }
        let implied = ProgramKey.implying(in: own.node)
        if implied.count == 1 { return implied.first?.trainer }
        if defaults.node.has("trainer") { return defaults.trainer }
        let shared = ProgramKey.implying(in: defaults.node)
        return implied.isEmpty && shared.count == 1 ? shared.first?.trainer : nil
    }

    /// Reports a trainer that is missing or not clear; one that was written wrongly was reported.
    func checkTrainer(into problems: inout Problems) {
        guard trainer == nil, !own.node.has("trainer"), !defaults.node.has("trainer") else {
            return
        }
        let implied = [own.node, defaults.node].map(ProgramKey.implying).first { $0.count > 1 }
        let path = FieldPath.key(own.node.path, "trainer")
        if let first = implied?.first, let second = implied?.last {
            problems.error(
                "\(entry.name) has two trainers: `\(first.key.rawValue)` implies "
                    + "`\(first.trainer.rawValue)`, `\(second.key.rawValue)` implies "
                    + "`\(second.trainer.rawValue)`",
                at: entry.mark, path, fix: "Delete one of the keys.")
            return
        }
        guard !isMisspelled(["trainer", "entry", "command", "program"]) else { return }
        problems.error(
            "\(entry.name) has no `trainer`", at: entry.mark, path,
            fix: "Add `trainer: xgboost`, or `entry:` or `program:` with code of your own.")
    }

    /// Reports the experiment's own keys that have no meaning for its trainer.
    func checkKeys(into problems: inout Problems) {
        guard let trainer else { return }
        for key in ProgramKey.allCases where !key.trainers.contains(trainer) {
            guard let place = own.node.entry(key.rawValue) else { continue }
            let remedy = key.trainers.first.map { ", or use `trainer: \($0.rawValue)`" } ?? ""
            problems.error(
                "`\(key.rawValue)` belongs to \(key.owner); \(entry.name) has "
                    + "`\(trainer.rawValue)`",
                at: place.mark, place.value.path, fix: "Delete it\(remedy).")
        }
    }

    // MARK: Program

    /// What the trainer executes; nil for a built-in one and after a problem was reported.
    ///
    /// - Parameters:
    ///   - parameters: The experiment's parameters; nil when they were written wrongly.
    ///   - data: What data the sweep has.
    ///   - problems: Where problems are reported.
    /// - Returns: The program with `${program}` replaced in its command.
    func program(
        parameters: [ParameterEntry]?, data: MacroCheck.Data, into problems: inout Problems
    ) -> Program? {
        let action: Program.Action?
        switch trainer {
        case .python: action = function(into: &problems)
        case .command:
            let check = MacroCheck(
                experiment: entry.name, parameters: parameters, data: data,
                hasProgram: isWritten("program") || isMisspelled(["program"]))
            action = command(check, into: &problems)
        case .xgboost, .rehearsal, .noop, nil: return nil
        }
        checkReuse(into: &problems)
        return action.map { action in
            Program(
                action: action, environment: value("environment", \.environment) ?? .system,
                readsOutput: trainer == .command
                    && value("metrics_from", \.metricsSource) == .output)
        }
    }

    /// In an image each trial has a container of its own: no process serves several.
    private func checkReuse(into problems: inout Problems) {
        guard trainer == .python, value("reuse", \.isReused) == true,
            case .image = value("environment", \.environment),
            let place = own.node.entry("reuse") ?? defaults.node.entry("reuse")
        else { return }
        problems.error(
            "`reuse` is not possible in a container image", in: place.value,
            fix: "Delete it, or use `environment: {requirements: requirements.txt}`.")
    }

    private func function(into problems: inout Problems) -> Program.Action? {
        guard isWritten("entry") else {
            report(
                missing: ["entry"], "\(entry.name) has no `entry` for its trainer `python`",
                fix: "Add `entry: train.py:train` with the file and its function.",
                into: &problems)
            return nil
        }
        return value("entry", \.entry).map {
            .python(entry: $0, isReused: value("reuse", \.isReused) ?? false)
        }
    }

    private func command(
        _ check: MacroCheck, into problems: inout Problems
    ) -> Program.Action? {
        guard isWritten("command") || isWritten("program") else {
            report(
                missing: ["command", "program"],
                "\(entry.name) has no `command` for its trainer `command`",
                fix: "Add `command:` with its words, or `program:` with a file of the code.",
                into: &problems)
            return nil
        }
        let program = value("program", \.program)
        guard let words = isWritten("command") ? value("command", \.command) : usual(program)
        else { return nil }
        for word in words where !problems.isFull { check.check(word, into: &problems) }
        warnAboutUnusedProgram(words, into: &problems)
        guard let program else { return .command(words.map(\.text)) }
        let replaced = words.compactMap { word in
            let text = word.replacingProgram(with: program)
            if text == nil {
                problems.error(
                    "The word has more than \(Limits.messageBytes) bytes with `program` in it",
                    in: word.node, fix: "Shorten it.")
            }
            return text
        }
        return replaced.count == words.count ? .command(replaced) : nil
    }

    /// What W&B executes without a `command`; a program of another language is called itself.
    private func usual(_ program: String?) -> [CommandWord]? {
        guard let program, let place = own.node.entry("program") ?? defaults.node.entry("program")
        else { return nil }
        let words =
            program.hasSuffix(".py")
            ? ["${env}", "${interpreter}", "${program}", "${args}"]
            : [program.hasPrefix("./") ? "${program}" : "./${program}", "${args}"]
        return words.map { CommandWord($0, in: place.value) }
    }

    private func warnAboutUnusedProgram(
        _ words: [CommandWord], into problems: inout Problems
    ) {
        // W&B's own files name a program beside a command of which it is no part.
        guard let place = own.node.entry("program"), isWritten("command"),
            !own.node.has("command"),
            !words.contains(where: \.namesProgram)
        else { return }
        problems.warn(
            "The `command` at the top does not use `program`", in: place.value,
            fix: "Write `${program}` there in place of the file.")
    }

    // MARK: Keys

    /// The value of a key; an experiment's own, even one that is wrong, hides that at the top.
    private func value<Value>(
        _ key: String, _ path: KeyPath<ExperimentDraft, Value?>
    ) -> Value? {
        own.node.has(key) ? own[keyPath: path] : defaults[keyPath: path]
    }

    private func isWritten(_ key: String) -> Bool {
        own.node.has(key) || defaults.node.has(key)
    }

    private func isMisspelled(_ keys: [String]) -> Bool {
        keys.contains { key in
            ExperimentDraft.table.isMisspelled(key, in: own.node)
                || SweepDraft.table.isMisspelled(key, in: defaults.node)
        }
    }

    private func report(
        missing keys: [String], _ message: String, fix: String, into problems: inout Problems
    ) {
        guard !isMisspelled(keys), let key = keys.first else { return }
        problems.error(message, at: entry.mark, .key(own.node.path, key), fix: fix)
    }
}
