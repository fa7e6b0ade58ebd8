import Vocabulary

/// `data` as it was written.
struct DataDraft: Sendable {
    /// The mapping.
    let node: Node
    var path: String?
    var target: String?
    var time: String?
    var columns: [String]?
    var lags: [UInt32]?
    var means: [UInt32]?
    var calendar: [CalendarFeature]?
    var split: SplitDraft?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    private static let listLimit = 1000
    private static let farthestRow: UInt32 = 1_000_000

    /// What may stand in `data`.
    static let table = Table(
        "`data`", { DataDraft(node: $0) },
        fields: [
            Field(
                "path", .text("the path of a CSV file", bytes: Limits.messageBytes), \.path,
                isRequired: true, "The CSV file, relative to the sweep file."),
            Field(
                "target", .text("the name of a column"), \.target, isRequired: true,
                "The column that is predicted."),
            Field(
                "time", .text("the name of a column"), \.time,
                "The column that orders the rows; without it, the file's order counts."),
            Field(
                "columns",
                .list(
                    of: .text("the name of a column"), limit: listLimit,
                    noun: "a list of column names"), \.columns,
                "Numeric columns that are features as they are."),
            Field(
                "lags",
                .list(
                    of: .integer(1...farthestRow), limit: listLimit,
                    noun: "a list of whole numbers"), \.lags,
                "Features: the target so many rows before."),
            Field(
                "means",
                .list(
                    of: .integer(2...farthestRow), limit: listLimit,
                    noun: "a list of whole numbers"), \.means,
                "Features: the mean of the target over so many rows before."),
            Field(
                "calendar",
                .list(
                    of: .choice(of: "calendar feature"), limit: listLimit,
                    noun: "a list of calendar features"), \.calendar,
                "Features of the time: "
                    + CalendarFeature.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                    + "."),
            Field(
                "split", .mapping(SplitDraft.table), \.split,
                "Which rows, the last ones, are kept from training."),
        ])
}

/// `data.split` as it was written.
struct SplitDraft: Sendable {
    /// The mapping.
    let node: Node
    var validation: Double?
    var gate: Double?

    /// A draft of `node`.
    init(node: Node) { self.node = node }

    /// What may stand in `data.split`.
    static let table = Table(
        "`split`", { SplitDraft(node: $0) },
        fields: [
            Field(
                "validation",
                .number("a share above 0 and below 1", where: { 0 < $0 && $0 < 1 }),
                \.validation,
                "The share of the rows, before the gate's, on which trials are compared; 0.2 "
                    + "without it."),
            Field(
                "gate", .number("a share from 0 and below 1", where: { 0 <= $0 && $0 < 1 }),
                \.gate, "The share of the rows, the last, that only the gate sees; 0.1 without it."
            ),
        ])
}

/// What `data` says that trials get.
enum DataDeclaration: Sendable {
    /// A table, which is prepared at submit.
    case table(DataSpec)
    /// A named data set, as it is at submit.
    case set(DataReference)

    var table: DataSpec? {
        if case .table(let spec) = self { spec } else { nil }
    }

    var set: DataReference? {
        if case .set(let reference) = self { reference } else { nil }
    }
}

extension Kind where Value == DataDeclaration {
    /// The `data` mapping, or the name of a data set.
    static let data = Kind(Kind<DataSpec>.table.noun) { node, problems in
        guard case .scalar = node.content else {
            return Kind<DataSpec>.table.read(node, &problems).map(DataDeclaration.table)
        }
        guard
            let text = Kind<String>.text("a mapping, or the name of a data set").read(
                node, &problems)
        else { return nil }
        guard let reference = DataReference(text: text) else {
            problems.error(
                "`\(text.clipped)` is not the name of a data set", in: node,
                fix: "A name has \(DataSet.nameForm); `NAME@` and 8 or more digits of a digest "
                    + "mean one content of it. A table is `data: {path: …, target: …}`.")
            return nil
        }
        return .set(reference)
    }
}

extension Kind where Value == DataSpec {
    /// The `data` mapping.
    static let table = Kind<DataDraft>.mapping(DataDraft.table).then {
        draft, node, problems -> DataSpec? in
        guard let path = draft.path, let target = draft.target else { return nil }
        var spec = DataSpec(
            path: path, target: target, time: draft.time, columns: draft.columns ?? [],
            lags: draft.lags ?? [], means: draft.means ?? [], calendar: draft.calendar ?? [])
        spec.validation = draft.split?.validation ?? spec.validation
        spec.gate = draft.split?.gate ?? spec.gate
        draft.check(spec, into: &problems)
        return spec
    }
}

extension DataDraft {
    fileprivate func check(_ spec: DataSpec, into problems: inout Problems) {
        if spec.columns.contains(spec.target), let place = node.entry("columns") {
            problems.error(
                "The target `\(spec.target.clipped)` is among its own features", in: place.value,
                fix: "Delete it there; `lags` gives its earlier values.")
        }
        if spec.target == spec.time, let place = node.entry("time") {
            problems.error(
                "The target and the time are the same column", in: place.value,
                fix: "Name two columns.")
        }
        if let place = node.entry("calendar"), node.entry("time") == nil, !spec.calendar.isEmpty {
            problems.error(
                "Calendar features need a time", in: place.value,
                fix: "Add `time:` with the column that has it.")
        }
        if let place = split?.node, spec.validation + spec.gate >= 1 {
            problems.error(
                "`validation` and `gate` leave no rows to train on", in: place,
                fix: "Lower them until their sum is below 1.")
        }
        let keys = ["columns", "lags", "means", "calendar"]
        if spec.columns.isEmpty, spec.lags.isEmpty, spec.means.isEmpty, spec.calendar.isEmpty,
            keys.allSatisfy({ isAbsentOrEmpty($0) })
        {
            problems.error(
                "The data has no features", in: node,
                fix: "Add `columns`, `lags`, `means` or `calendar`.")
        }
    }
    /// Whether nothing was meant to stand at `key`: what was written wrongly was reported.
    private func isAbsentOrEmpty(_ key: String) -> Bool {
        guard let value = node.entry(key)?.value else {
            return !Self.table.isMisspelled(key, in: node)
        }
        guard case .sequence(let items) = value.content else { return false }
        return items.isEmpty
    }
}
