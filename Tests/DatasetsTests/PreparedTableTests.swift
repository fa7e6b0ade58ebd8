import Datasets
import Testing
import Vocabulary

/// The split of the shipped data and the files that trials get.
@Suite struct PreparedTableTests {
    static let spec = DataSpec(
        path: "demand.csv", target: "count", time: "ts", columns: ["tmin", "tmax", "pn"],
        lags: [1, 24, 168], means: [24], calendar: [.hour, .weekday], validation: 0.2, gate: 0.1)

    static func demand() throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return try PreparedTable.read("/\(folder)/configs/data/demand.csv", file: "demand.csv")
    }

    @Test func `the shipped data is split by order`() throws {
        let table = try PreparedTable.make(
            from: Self.demand(), file: "demand.csv", spec: Self.spec)
        #expect(table.droppedRows == 168)
        #expect(table.times.count == 14_593 - 168)
        #expect(table.gateRows == 1443)
        #expect(table.validationRows == 2885)
        #expect(table.trainingRows == 14_425 - 1443 - 2885)
        #expect(table.times.last == "2019-09-01 00:00:00")
        let search = try Table(npy: table.search)
        let gate = try Table(npy: #require(table.gate))
        #expect(search.names == table.featureNames + ["count"])
        #expect(gate.names == search.names)
        #expect(search.rows == Int(table.trainingRows + table.validationRows))
        #expect(gate.rows == Int(table.gateRows))
        #expect(gate.values.last == 134)
        let position = try #require(search.position(of: "lag_1"))
        #expect(gate.values[position] == search.values.last)
    }

    @Test func `the same input gives the same bytes`() throws {
        let bytes = try Self.demand()
        let first = try PreparedTable.make(from: bytes, file: "a", spec: Self.spec)
        let second = try PreparedTable.make(from: bytes, file: "b", spec: Self.spec)
        #expect(first.search == second.search)
        #expect(first.gate == second.gate)
    }

    @Test func `without a gate there is no file for it`() throws {
        var spec = Self.spec
        spec.gate = 0
        let text =
            "ts,count,tmin,tmax,pn\n"
            + (1...28).map { "2020-02-\($0 < 10 ? "0" : "")\($0),\($0),1,1,\n" }.joined()
        spec.lags = [1]
        spec.means = []
        let table = try PreparedTable.make(from: Array(text.utf8), file: "", spec: spec)
        #expect(table.gate == nil)
        #expect(table.gateRows == 0)
        #expect(table.validationRows == 5)
        #expect(table.trainingRows == 22)
    }
}
