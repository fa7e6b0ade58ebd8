import Datasets
import Testing
import Vocabulary

/// What a person is told about a file that cannot be used.
@Suite struct CSVDiagnosticsTests {
    let spec = DataSpec(
        path: "demand.csv", target: "count", time: "ts", columns: ["tmin"], lags: [1],
        validation: 0.25, gate: 0.25)

    func problems(of text: String, _ spec: DataSpec? = nil) -> [Diagnostic] {
        problems(of: Array(text.utf8), spec)
    }

    func problems(of bytes: [UInt8], _ spec: DataSpec? = nil) -> [Diagnostic] {
        do throws(Diagnostics) {
            _ = try PreparedTable.make(
                from: bytes, file: "demand.csv", spec: spec ?? self.spec)
            return []
        } catch {
            return error.all
        }
    }

    @Test func `a missing file is named with the fix`() {
        let error = #expect(throws: Diagnostics.self) {
            try PreparedTable.read("/nonexistent/demand.csv", file: "demand.csv")
        }
        #expect(
            error?.description
                == "demand.csv: error: There is no such file. Check data.path: it is relative to "
                + "the sweep file.")
    }

    @Test func `a folder is no file`() {
        let error = #expect(throws: Diagnostics.self) {
            try PreparedTable.read("/tmp", file: "tmp")
        }
        #expect(error?.all.first?.message == "The file is not a regular file.")
    }

    @Test(arguments: ["", "\n", "\u{FEFF}", "\r\n\r\n"])
    func `an empty file is refused`(text: String) {
        #expect(problems(of: text).map(\.message) == ["The file is empty."])
    }

    @Test func `a file in UTF-16 is refused`() {
        #expect(problems(of: [0xFF, 0xFE, 0x61, 0]).map(\.fix) == ["Save it as UTF-8."])
    }

    @Test func `missing columns are named together with the nearest names`() {
        let found = problems(of: "Time,counts,tmim\n")
        #expect(found.map(\.field) == ["count", "tmin", "ts"])
        #expect(found.map(\.line) == [1, 1, 1])
        #expect(found[0].fix == #"Did you mean "counts"?"#)
        #expect(found[1].fix.hasPrefix(#"Did you mean "tmim""#))
        #expect(found[2].fix == "The columns are Time, counts, tmim.")
    }

    @Test func `another separator is recognised`() {
        let found = problems(of: "ts;count;tmin\n1;2;3\n")
        #expect(found.first?.fix.contains(#"separated by ";""#) == true)
    }

    @Test func `a name used twice is refused`() {
        let found = problems(of: "ts,count,tmin,count\n")
        #expect(found.map(\.field) == ["count"])
        #expect(found.map(\.column) == [15])
        #expect(found[0].message.contains("as number 2 and 4"))
    }

    @Test func `every bad cell is named by line, character and column`() {
        let found = problems(
            of: """
                ts,count,tmin
                2020-01-01 00:00:00,5,"é",
                2020-01-01 01:00:00,x,1
                2020-13-01 02:00:00,7,2
                2020-01-01 03:00:00,,2
                2020-01-01 04:00:00,inf,nan
                2020-01-01 05:00:00,6,é1e
                2020-01-01 06:00:00,1e39,2
                """)
        #expect(
            found.map { "\($0.line):\($0.column) \($0.field)" } == [
                "2:0 ", "3:21 count", "4:1 ts", "5:21 count", "6:25 tmin", "6:21 count",
                "7:23 tmin", "8:21 count",
            ])
        #expect(found[0].message == "The row has 4 cells where the header has 3.")
        #expect(found[1].message == #""x" is not a number."#)
        #expect(found[2].fix == "Write it as YYYY-MM-DD HH:MM:SS.")
        #expect(found[3].message == "The target is missing in this row.")
        #expect(found[4].message == #""nan" is not a finite 32-bit number."#)
        #expect(found[7].message == #""1e39" is not a finite 32-bit number."#)
    }

    @Test func `no more than twenty problems are shown`() {
        let rows = (0..<100).map { "2020-01-01 00:00:00,x\($0),1" }
        #expect(problems(of: (["ts,count,tmin"] + rows).joined(separator: "\n")).count == 20)
    }

    @Test func `a time that stands twice names both lines`() {
        let found = problems(
            of: """
                ts,count,tmin
                2020-01-01 01:00:00,1,1
                2020-01-01 00:00:00,2,1
                2020-01-01T01:00,3,1
                """)
        #expect(found.map(\.line) == [4])
        #expect(found.map(\.message) == ["2020-01-01T01:00 stands also on line 2."])
    }

    @Test(arguments: [
        ("a,\"b\n1,2", 1, 3, "The quote that opens here is never closed."),
        ("a,b\n1,\"2\"x\n", 2, 6, "Text follows the closing quote of a cell."),
        ("a,b\n1,2\"\n", 2, 4, "A quote stands inside a cell that does not start with one."),
        ("a,b\r1,2\r", 1, 4, "A carriage return stands without a line feed."),
    ])
    func `broken quotes and line ends are placed`(
        text: String, line: Int, column: Int, message: String
    ) {
        let found = problems(of: text, DataSpec(path: "", target: "a", lags: [1]))
        #expect(found.map(\.line) == [line])
        #expect(found.map(\.column) == [column])
        #expect(found.map(\.message) == [message])
    }

    @Test func `lines inside quotes are counted`() {
        let found = problems(
            of: "a,b\n1,\"two\nlines\"\nx,2\n", DataSpec(path: "", target: "a", lags: [1]))
        #expect(found.map(\.line) == [4])
    }

    @Test func `a record of too many cells is refused`() {
        let found = problems(of: String(repeating: ",", count: 20_000))
        #expect(found.map(\.message) == ["The record has more than 10000 cells."])
    }

    @Test func `too few rows are refused`() {
        let header = "ts,count,tmin\n"
        #expect(problems(of: header).first?.message.contains("has 0 rows") == true)
        let two = header + "2020-01-01,1,1\n2020-01-02,2,1\n"
        #expect(problems(of: two).first?.message.hasSuffix("too few.") == true)
    }

    @Test func `a lag longer than the file is refused`() {
        var spec = spec
        spec.lags = [.max]
        let found = problems(of: "ts,count,tmin\n2020-01-01,1,1\n", spec)
        #expect(found.first?.fix == "Add rows, or use shorter lags and means.")
    }

    @Test func `the target as a feature is refused`() {
        var spec = spec
        spec.columns = ["count"]
        #expect(problems(of: "", spec).first?.message.contains("give it away") == true)
    }

    @Test func `problems of the spec are found before the file is read`() {
        let spec = DataSpec(
            path: "", target: "a[", time: nil, columns: ["hour"], lags: [0, 2, 2], means: [1],
            calendar: [.hour])
        #expect(
            problems(of: "", spec).map(\.field) == [
                "data.columns", "data.columns", "data.columns", "data.calendar", "data.lags",
            ])
    }

    @Test(arguments: [(0.5, 0.5), (-0.1, 0.1), (0.2, 1), (.nan, 0)])
    func `shares that leave no training rows are refused`(validation: Double, gate: Double) {
        var spec = spec
        (spec.validation, spec.gate) = (validation, gate)
        #expect(problems(of: "", spec).map(\.field) == ["data.validation"])
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `a damaged file gives a table or problems, never a trap`(seed: UInt64) {
        let rows = (10...28).map { "2020-02-\($0),\($0),\"1\"" }
        let original = Array((["ts,count,tmin"] + rows).joined(separator: "\r\n").utf8)
        let damage = Array("\"\r\n,\0é-.e9 ".utf8)
        var random = RandomSource(seed: seed)
        for _ in 0..<50 {
            var bytes = original
            for _ in 0..<(1 + random.next(below: 6)) {
                let position = Int(random.next(below: UInt64(bytes.count)))
                let byte = damage[Int(random.next(below: UInt64(damage.count)))]
                if random.nextUnit() < 0.5 {
                    bytes[position] = byte
                } else {
                    bytes.insert(byte, at: position)
                }
            }
            let found = problems(of: bytes)
            #expect(found.count <= 20)
            #expect(!found.contains { $0.message.isEmpty || $0.file != "demand.csv" })
        }
    }
}
