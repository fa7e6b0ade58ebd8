import Datasets
import Testing
import Vocabulary

/// What rows a model sees, and that it never sees the future.
@Suite struct FeaturesTests {
    static let spec = DataSpec(
        path: "x.csv", target: "count", time: "ts", columns: ["tmin"], lags: [1, 3], means: [2],
        calendar: [.hour, .weekday, .month, .dayOfYear, .year])

    static func file(_ counts: [String], weather: [String]) -> [UInt8] {
        let rows = counts.indices.map { hour in
            "\(weather[hour]),\(counts[hour]),2020-02-29 \(hour < 10 ? "0" : "")\(hour):00:00"
        }
        return Array((["tmin,count,ts"] + rows).joined(separator: "\n").utf8)
    }

    @Test func `columns, lags, means and calendar stand in order`() throws {
        let bytes = Self.file(["1", "2", "4", "8", "16"], weather: ["5", "", "-1.5", "", "6"])
        let features = try Features.make(from: bytes, file: "x.csv", spec: Self.spec)
        #expect(
            features.names == [
                "tmin", "lag_1", "lag_3", "mean_2", "hour", "weekday", "month", "day_of_year",
                "year",
            ])
        #expect(features.rows == 2)
        #expect(features.droppedRows == 3)
        #expect(features.targets == [8, 16])
        #expect(features.times == ["2020-02-29 03:00:00", "2020-02-29 04:00:00"])
        #expect(features.values[0].isNaN)
        #expect(Array(features.values[1..<9]) == [4, 1, 3, 3, 5, 2, 60, 2020])
        #expect(Array(features.values[9...]) == [6, 8, 2, 6, 4, 5, 2, 60, 2020])
    }

    @Test func `features of a row do not change with its target or later rows`() throws {
        let counts = (0..<12).map { "\($0 * $0)" }
        let weather = [String](repeating: "1", count: 12)
        let original = try Features.make(
            from: Self.file(counts, weather: weather), file: "", spec: Self.spec)
        for row in 3..<12 {
            var changed = counts
            for later in row..<12 { changed[later] = "999" }
            let other = try Features.make(
                from: Self.file(changed, weather: weather), file: "", spec: Self.spec)
            let end = (row - 3 + 1) * original.names.count
            #expect(other.values.prefix(end) == original.values.prefix(end))
            #expect(row == 11 || other.values != original.values)
        }
    }

    @Test func `rows are put in the order of time`() throws {
        let sorted = try Features.make(
            from: Array("t,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n".utf8), file: "",
            spec: DataSpec(path: "", target: "y", time: "t", lags: [1]))
        let shuffled = try Features.make(
            from: Array("t,y\r\n2020-01-03,3\r\n2020-01-01,1\r\n\r\n2020-01-02,2\r\n".utf8),
            file: "", spec: DataSpec(path: "", target: "y", time: "t", lags: [1]))
        #expect(shuffled.values == sorted.values)
        #expect(shuffled.values == [1, 2])
        #expect(shuffled.times == ["2020-01-02", "2020-01-03"])
    }

    @Test func `without a time the order of the file holds`() throws {
        let features = try Features.make(
            from: Array("y\n3\n1\n2".utf8), file: "",
            spec: DataSpec(path: "", target: "y", lags: [1]))
        #expect(features.values == [3, 1])
        #expect(features.times == ["line 3", "line 4"])
    }

    @Test func `quotes, commas in quotes and a byte order mark are read`() throws {
        let text = "\u{FEFF}\"the \"\"y\"\"\",note,x\n\"1\",\"a,b\",5\n2,\"c\nd\", 6 \n3,,7"
        let features = try Features.make(
            from: Array(text.utf8), file: "",
            spec: DataSpec(path: "", target: "x", lags: [1, 2]))
        #expect(features.values == [6, 5])
        #expect(features.targets == [7])
        let quoted = DataSpec(path: "", target: "the \"y\"", lags: [1])
        let error = #expect(throws: Diagnostics.self) {
            try Features.make(from: Array(text.utf8), file: "", spec: quoted)
        }
        #expect(error?.all.map(\.field) == ["data.columns"])
    }

    @Test func `rows without a target can be predicted but not learnt from`() throws {
        let bytes = Array("y,x\n1,1\n2,2\n,3\n,4\n".utf8)
        let spec = DataSpec(path: "", target: "y", columns: ["x"], lags: [1], means: [2])
        #expect(throws: Diagnostics.self) {
            try Features.make(from: bytes, file: "", spec: spec)
        }
        let features = try Features.make(
            from: bytes, file: "", spec: spec, allowsMissingTarget: true)
        #expect(features.targets.filter(\.isNaN).count == 2)
        #expect(Array(features.values[0..<3]) == [3, 2, 1.5])
        #expect(features.values[3] == 4)
        #expect(features.values[4].isNaN && features.values[5].isNaN)
    }

    @Test func `the last rows can be taken alone`() throws {
        let features = try Features.make(
            from: Array("y\n1\n2\n3\n4".utf8), file: "",
            spec: DataSpec(path: "", target: "y", lags: [1]))
        let last = features.suffix(2)
        #expect(last.values == [2, 3])
        #expect(last.targets == [3, 4])
        #expect(last.times == ["line 4", "line 5"])
        #expect(features.suffix(99).rows == 3)
        #expect(features.suffix(-1).rows == 0)
    }
}
