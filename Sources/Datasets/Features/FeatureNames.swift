package import Vocabulary

/// The names under which a spec's features stand in tables and models.
package enum FeatureNames {
    /// The names in order, after a check of everything in `spec` that no file can make right.
    ///
    /// - Throws: Every problem of the spec, with its field.
    package static func check(_ spec: DataSpec) throws(Diagnostics) -> [String] {
        var problems = ProblemList(file: "")
        let names =
            spec.columns + spec.lags.map { "lag_\($0)" }
            + spec.means.map { "mean_\($0)" } + spec.calendar.map(\.rawValue)
        var seen: Set<String> = [spec.target]
        for name in names where !seen.insert(name).inserted {
            problems.add(
                field: "data.columns",
                name == spec.target
                    ? "The target \"\(name)\" is also a feature, which would give it away."
                    : "Two features are called \"\(name)\".",
                fix: name == spec.target
                    ? "Use lags and means of it." : "Remove one, or rename the file's column.")
        }
        for name in spec.columns + [spec.target] where !isUsable(name) {
            problems.add(
                field: "data.columns",
                "The name \"\(name)\" is longer than \(Limits.nameBytes) bytes, empty, or has "
                    + "one of [ ] < ' \" \\ or a control character.",
                fix: "Rename the file's column: XGBoost takes no such names.")
        }
        if names.isEmpty {
            problems.add(
                field: "data", "There are no features.",
                fix: "Name at least one of columns, lags, means and calendar.")
        }
        if let time = spec.time, spec.columns.contains(time) || spec.target == time {
            problems.add(
                field: "data.time", "The time column \"\(time)\" is no number.",
                fix: "Use calendar features of it.")
        }
        if spec.time == nil, !spec.calendar.isEmpty {
            problems.add(
                field: "data.calendar", "Calendar features need a time.",
                fix: "Name the time column in data.time.")
        }
        if spec.lags.contains(0) || spec.means.contains(where: { $0 < 2 }) {
            problems.add(
                field: "data.lags", "A lag is at least 1 row and a mean at least 2 rows long.")
        }
        try problems.check()
        return names
    }

    private static func isUsable(_ name: String) -> Bool {
        (1...Limits.nameBytes).contains(name.utf8.count)
            && !name.unicodeScalars.contains { scalar in
                scalar.value < 0x20 || scalar.value == 0x7F
                    || ["[", "]", "<", "'", "\"", "\\"].contains(scalar)
            }
    }
}
