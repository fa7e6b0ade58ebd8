package import Vocabulary

/// The rows of a table as a model sees them, in the order of time.
package struct Features: Sendable {
    /// Names of the features: columns, then `lag_N`, `mean_N`, then calendar features, each in
    /// the order of the spec.
    package let names: [String]
    /// The features of every row, row by row; NaN where a value is missing.
    package private(set) var values: [Float]
    /// The actual target of every row; NaN where it is not known yet.
    package private(set) var targets: [Float]
    /// The times as they stand in the file, or the line numbers without a time column.
    package private(set) var times: [String]
    /// Rows at the start of the file that have no full lag window and were left out.
    package let droppedRows: Int

    /// How many rows there are.
    package var rows: Int { targets.count }

    /// Makes the features of every row of a CSV file that has a full lag window.
    ///
    /// `file` is the file's name for people; the shares of `spec` are not looked at. With
    /// `allowsMissingTarget` a row may have an empty target: it can be predicted but not learnt
    /// from, and lags and means that reach it are missing values. Throws what is wrong with the
    /// file or the spec, all at once up to a limit.
    package static func make(
        from bytes: [UInt8], file: String, spec: DataSpec, allowsMissingTarget: Bool = false
    ) throws(Diagnostics) -> Features {
        let names = try FeatureNames.check(spec)
        let data = try DataFile(
            bytes, file: file, spec: spec, allowsMissingTarget: allowsMissingTarget)
        let window = Int(max(spec.lags.max() ?? 0, spec.means.max() ?? 0))
        guard data.lines.count > window else {
            throw Diagnostics([
                Diagnostic(
                    file: file,
                    message: "The file has \(data.lines.count) rows; the first feature row "
                        + "needs \(window) before it.",
                    fix: "Add rows, or use shorter lags and means.")
            ])
        }
        return Features(data, spec, names, window: window)
    }

    /// Keeps the last `count` rows, or all when there are fewer.
    package func suffix(_ count: Int) -> Features {
        let kept = min(max(count, 0), rows)
        var result = self
        result.values = Array(values.suffix(kept * names.count))
        result.targets = Array(targets.suffix(kept))
        result.times = Array(times.suffix(kept))
        return result
    }

    private init(_ data: DataFile, _ spec: DataSpec, _ names: [String], window: Int) {
        self.names = names
        droppedRows = window
        // Sums of the targets before each row make every mean one subtraction. A missing target
        // counts as zero here and is looked for through the same sums of ones.
        var sums = [0.0]
        var gaps = [0]
        for target in data.target {
            sums.append(sums[sums.count - 1] + (target.isNaN ? 0 : target))
            gaps.append(gaps[gaps.count - 1] + (target.isNaN ? 1 : 0))
        }
        let rows = window..<data.target.count
        values = []
        values.reserveCapacity(rows.count * names.count)
        for row in rows {
            for column in data.columns { values.append(column[row]) }
            for lag in spec.lags { values.append(Float(data.target[row - Int(lag)])) }
            for length in spec.means {
                let start = row - Int(length)
                let mean = (sums[row] - sums[start]) / Double(length)
                values.append(gaps[row] == gaps[start] ? Float(mean) : .nan)
            }
            for feature in spec.calendar {
                values.append(Float(data.times[row].value(of: feature)))
            }
        }
        targets = rows.map { Float(data.target[$0]) }
        times = rows.map { spec.time == nil ? "line \(data.lines[$0])" : data.timeTexts[$0] }
    }
}

extension CivilTime {
    /// The number that stands for a calendar feature.
    package func value(of feature: CalendarFeature) -> Int {
        switch feature {
        case .hour: hour
        case .weekday: weekday
        case .month: month
        case .dayOfYear: dayOfYear
        case .year: year
        }
    }
}
