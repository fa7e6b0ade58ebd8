import Vocabulary

/// The last stage: what every key says becomes one sweep, or the reasons why not.
struct SweepAssembly {
    /// The file.
    let draft: SweepDraft
    /// The sweep's name where the file gives none.
    let fallbackName: String

    /// The sweep; nil after a problem was reported.
    func spec(into problems: inout Problems) -> SweepSpec? {
        let parts = entries.compactMap { experiment($0, into: &problems) }
        checkSharedKeys(into: &problems)
        checkPromotion(into: &problems)
        checkData(of: parts.map(\.trainer), into: &problems)
        // Budgets are shared among experiments, so every one must be known.
        guard parts.count == entries.count, !(draft.node.has("experiments") && isUnread),
            let experiments = budgeted(parts, into: &problems),
            let objective = draft.objective
        else { return nil }
        var promotion = draft.promotion
        if draft.model != nil, promotion == nil { promotion = PromotionPolicy() }
        return SweepSpec(
            name: draft.name ?? fallbackName, model: draft.model, objective: objective,
            experiments: experiments, promotion: promotion, priority: draft.priority ?? 0,
            sharing: SharingPolicy(
                weight: draft.weight ?? 1, concurrency: draft.concurrency,
                preempts: draft.preempts ?? false),
            retries: draft.retries ?? RetryPolicy(),
            keptCheckpoint: draft.keptCheckpoint ?? .best, seed: draft.seed)
    }

    private var isUnread: Bool { draft.experiments == nil }

    /// The experiments; a file without any, as W&B's are, is one itself.
    private var entries: [ExperimentEntry] {
        if draft.node.has("experiments") { return draft.experiments ?? [] }
        return [ExperimentEntry(name: "Exp1", mark: draft.node.mark, draft: draft.defaults)]
    }

    /// An experiment but for its budget.
    private struct Part {
        let name: String
        let mark: Mark
        let draft: ExperimentDraft
        let trainer: Trainer
        let program: Program?
        let sampler: SamplerSpec
        let space: SearchSpace
    }

    private func experiment(_ entry: ExperimentEntry, into problems: inout Problems) -> Part? {
        let own = entry.draft
        let programs = programs(of: entry)
        let sampler = own.method ?? draft.defaults.method
        programs.checkTrainer(into: &problems)
        programs.checkKeys(into: &problems)
        report(missing: "method", advice: "`method: random`", in: entry, into: &problems)
        let entries = SearchSpaceAssembly.merge(
            draft.defaults.parameters ?? [], with: own.parameters ?? [])
        let isRead = [own, draft.defaults].allSatisfy {
            !$0.node.has("parameters") || $0.parameters != nil
        }
        let program = programs.program(
            parameters: isRead && !entries.isEmpty ? entries : nil,
            data: data,
            into: &problems)
        guard !entries.isEmpty else {
            report(
                missing: "parameters", advice: "`parameters:` with what is searched", in: entry,
                into: &problems)
            return nil
        }
        let space = SearchSpaceAssembly.space(of: entries, into: &problems)
        if sampler == .grid, !isCountable(entries, into: &problems) { return nil }
        guard let trainer = programs.trainer, let sampler, let space,
            program != nil || !trainer.isProgram
        else { return nil }
        return Part(
            name: entry.name, mark: entry.mark, draft: own, trainer: trainer, program: program,
            sampler: sampler, space: space)
    }

    private func report(
        missing key: String, advice: String, in entry: ExperimentEntry,
        into problems: inout Problems
    ) {
        guard !entry.draft.node.has(key), !draft.node.has(key),
            !ExperimentDraft.table.isMisspelled(key, in: entry.draft.node),
            !SweepDraft.table.isMisspelled(key, in: draft.node)
        else { return }
        problems.error(
            "\(entry.name) has no `\(key)`", at: entry.mark, .key(entry.draft.node.path, key),
            fix: "Add \(advice).")
    }

    private func isCountable(
        _ entries: [ParameterEntry], into problems: inout Problems
    ) -> Bool {
        var isCountable = true
        for entry in entries {
            let isContinuous =
                switch entry.domain {
                case .normal: true
                case .float(let interval): interval.quantum == nil
                case .constant, .categorical, .integer, nil: false
                }
            guard isContinuous else { continue }
            problems.error(
                "A grid cannot enumerate `\(entry.name.clipped)`, which is continuous",
                at: entry.mark, entry.node.path,
                fix: "Give `values`, or a step `q`, or use `method: random`.")
            isCountable = false
        }
        return isCountable
    }

    // MARK: Budget

    private func budgeted(_ parts: [Part], into problems: inout Problems) -> [ExperimentSpec]? {
        guard let total = total(into: &problems) else { return nil }
        let fixed = parts.compactMap(\.draft.trials).reduce(into: UInt64(0)) { $0 += UInt64($1) }
        let place = draft.node.entry("trials") ?? draft.node.entry("run_cap")
        var shares: [UInt64] = []
        if let sum = total.trials, let place {
            let open = parts.count { $0.draft.trials == nil }
            guard fixed + UInt64(open) <= UInt64(sum) else {
                problems.error(
                    "The sweep has \(sum) trials; its experiments ask for \(fixed) with `trials` "
                        + "of their own, and \(open) more share the rest",
                    in: place.value, fix: "Raise it to at least \(fixed + UInt64(open)).")
                return nil
            }
            let left = UInt64(sum) - fixed
            if open == 0, left > 0 {
                problems.warn(
                    "The experiments use \(fixed) of \(sum) trials", in: place.value,
                    fix: "Lower it, or raise theirs.")
            }
            // The remainder goes to the first ones.
            shares = (0..<UInt64(open)).map {
                left / UInt64(open) + ($0 < left % UInt64(open) ? 1 : 0)
            }
        }
        var experiments: [ExperimentSpec] = []
        for part in parts {
            let share = part.draft.trials == nil && !shares.isEmpty ? shares.removeFirst() : nil
            guard let trials = trials(of: part, share: share, into: &problems) else { continue }
            let points = countablePoints(of: part, trials: trials, into: &problems)
            experiments.append(spec(of: part, trials: min(trials, points)))
        }
        guard experiments.count == parts.count else { return nil }
        let sum = experiments.reduce(UInt64(0)) { $0 + UInt64($1.trials) }
        guard sum <= Limits.trialsPerSweep else {
            problems.error(
                "The experiments have \(sum) trials; \(Limits.trialsPerSweep) are the limit",
                at: parts.last?.mark ?? .start, .key(.root, "experiments"),
                fix: "Lower their `trials`.")
            return nil
        }
        return experiments
    }

    private func total(into problems: inout Problems) -> (trials: UInt32?, Void)? {
        if let cap = draft.node.entry("run_cap"), draft.node.has("trials") {
            problems.error(
                "`run_cap` and `trials` mean the same", at: cap.mark, cap.value.path,
                fix: "Delete one of the two.")
            return nil
        }
        let isWritten = draft.node.has("run_cap") || draft.node.has("trials")
        let trials = draft.trials ?? draft.runCap
        return isWritten && trials == nil ? nil : (trials, ())
    }

    private func trials(
        of part: Part, share: UInt64?, into problems: inout Problems
    ) -> UInt32? {
        let grid = part.sampler == .grid ? GridSize.combinations(of: part.space) : nil
        if let trials = part.draft.trials { return trials }
        // A number that was written wrongly was reported; it is not missing.
        if part.draft.node.has("trials"), share == nil, draft.node.has("experiments") {
            return nil
        }
        if let share { return UInt32(clamping: share) }
        let path = FieldPath.key(part.draft.node.path, "trials")
        guard !ExperimentDraft.table.isMisspelled("trials", in: part.draft.node),
            !SweepDraft.table.isMisspelled("trials", in: draft.node)
        else { return nil }
        guard part.sampler == .grid else {
            problems.error(
                "\(part.name) has no `trials`, and a \(part.sampler.rawValue) search has no end "
                    + "of its own",
                at: part.mark, path, fix: "Add `trials:` here or at the top of the file.")
            return nil
        }
        guard let grid, grid <= Limits.trialsPerSweep else {
            let size = grid.map { "\($0)" } ?? "more than \(UInt64.max)"
            problems.error(
                "The grid of \(part.name) has \(size) points; \(Limits.trialsPerSweep) trials "
                    + "are the limit",
                at: part.mark, path, fix: "Use fewer values, or `method: sobol` with `trials:`.")
            return nil
        }
        return UInt32(clamping: grid)
    }

    /// How many trials a search that suggests no point twice can have.
    private func countablePoints(
        of part: Part, trials: UInt32, into problems: inout Problems
    ) -> UInt32 {
        guard part.sampler.learns, let points = GridSize.combinations(of: part.space),
            points < trials
        else { return .max }
        problems.warn(
            "The space of \(part.name) has \(points) points, and its \(trials) trials try none "
                + "twice",
            in: part.draft.node, fix: "Lower `trials`.")
        return UInt32(clamping: max(1, points))
    }

    private func spec(of part: Part, trials: UInt32) -> ExperimentSpec {
        ExperimentSpec(
            name: part.name, trainer: part.trainer, space: part.space, sampler: part.sampler,
            pruner: part.draft.pruner ?? draft.defaults.pruner ?? .none, trials: trials,
            resources: part.draft.resources ?? draft.defaults.resources ?? Resources(),
            timeLimit: part.draft.timeLimit ?? draft.defaults.timeLimit, program: part.program)
    }

    // MARK: Programs

    /// The directory to pack; nil when no experiment runs a program.
    func code(into problems: inout Problems) -> String? {
        let trainers = entries.map { programs(of: $0).trainer }
        guard !trainers.contains(where: { $0?.isProgram ?? false }) else {
            return draft.code ?? "."
        }
        if let place = draft.node.entry("code"), !trainers.contains(nil) {
            problems.warn(
                "Only programs are packed, and no experiment runs one", in: place.value,
                fix: "Delete it, or add `entry:` or `program:`.")
        }
        return nil
    }

    private func programs(of entry: ExperimentEntry) -> ProgramAssembly {
        ProgramAssembly(entry: entry, defaults: draft.defaults)
    }

    /// Keys at the top have to be for one experiment at least.
    private func checkSharedKeys(into problems: inout Problems) {
        let trainers = entries.map { programs(of: $0).trainer }
        guard draft.node.has("experiments"), !trainers.isEmpty, !trainers.contains(nil) else {
            return
        }
        for key in ProgramKey.allCases {
            guard let place = draft.node.entry(key.rawValue),
                !key.trainers.contains(where: trainers.contains)
            else { continue }
            problems.error(
                "`\(key.rawValue)` belongs to \(key.owner), which no experiment has",
                at: place.mark, place.value.path, fix: "Delete it.")
        }
    }

    // MARK: Data and promotion

    private func checkPromotion(into problems: inout Problems) {
        let keys = ["model", "promotion"].filter(draft.node.has)
        let runner = entries.first { programs(of: $0).trainer?.isProgram ?? false }
        if let runner, let place = keys.first.flatMap(draft.node.entry) {
            let keys = keys.map { "`\($0)`" }.joined(separator: " and ")
            problems.error(
                "The gate cannot judge programs yet, and \(runner.name) runs one",
                at: place.mark, place.value.path, fix: "Delete \(keys).")
            return
        }
        if let promotion = draft.node.entry("promotion"), !draft.node.has("model") {
            problems.error(
                "`promotion` has no model to promote a version of", at: promotion.mark,
                promotion.value.path, fix: "Add `model:` with its name in the registry.")
        }
        guard let model = draft.node.entry("model") else { return }
        guard let entry = draft.node.entry("data") else {
            problems.error(
                "A version of `model` must pass the gate, and there is no data to judge it on",
                at: model.mark, model.value.path, fix: "Add `data:`, or delete `model`.")
            return
        }
        if let data = draft.data?.table, data.gate == 0 {
            problems.error(
                "A version of `model` must pass the gate, which has no rows", in: entry.value,
                fix: "Add `split: {gate: 0.1}`, or delete `model`.")
        }
    }

    private var data: MacroCheck.Data {
        if SweepDraft.table.isMisspelled("data", in: draft.node) { return .unread }
        guard draft.node.has("data") else { return .none }
        return switch draft.data {
        case .table?: .table
        case .set?: .set
        case nil: .unread
        }
    }

    private func checkData(of trainers: [Trainer], into problems: inout Problems) {
        if let reference = draft.data?.set, let entry = draft.node.entry("data") {
            guard trainers.contains(.xgboost) || !trainers.contains(where: \.isProgram) else {
                return
            }
            problems.error(
                trainers.contains(.xgboost)
                    ? "The trainer `xgboost` needs a table, not a data set"
                    : "No experiment runs a program that could read `\(reference)`",
                in: entry.value,
                fix: trainers.contains(.xgboost)
                    ? "Use `data: {path: FILE.csv, target: COLUMN}`." : "Delete `data`.")
            return
        }
        guard trainers.contains(.xgboost), !draft.node.has("data"),
            !SweepDraft.table.isMisspelled("data", in: draft.node)
        else { return }
        problems.error(
            "The trainer `xgboost` needs data", at: draft.node.mark, .key(.root, "data"),
            fix: "Add `data:` with `path` and `target`.")
    }
}
