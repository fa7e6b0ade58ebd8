import ConfigurationFiles
import Testing
import Vocabulary

/// Sweep files that name a data set.
struct DataSetTests {
    @Test(arguments: ["digits", "digits@3f2a91c0", "a.b-c_1"])
    func `a data set is named as it is, or with the beginning of a digest`(name: String) throws {
        let file = try SweepFile.parse(
            programs("entry: train.py:train\ndata: \(name)"), file: "s.yaml")
        #expect(file.dataSet == DataReference(text: name))
        #expect(file.data == nil)
    }

    @Test func `a command finds it by a macro`() throws {
        _ = try SweepFile.parse(
            programs("command: [cat, \"${data.path}\"]\ndata: digits"), file: "s.yaml")
    }

    @Test(arguments: ["../digits.csv", "digits@3f2", "\"digits set\"", "digits@3F2A91C0"])
    func `what is no name is refused with the form of a table`(name: String) {
        let found = problems(programs("entry: train.py:train\ndata: \(name)"))
        #expect(found.count == 1)
        #expect(found.first?.message.contains("is not the name of a data set") ?? false)
        #expect(found.first?.fix.contains("{path: …, target: …}") ?? false)
    }

    @Test func `only programs get a data set`() {
        expectProblem(
            sweep("data: digits"),
            "6:7 data: No experiment runs a program that could read `digits`.",
            fix: "Delete `data`")
        expectProblem(
            programs("trainer: xgboost\ndata: digits"),
            "6:7 data: The trainer `xgboost` needs a table, not a data set.",
            fix: "{path: FILE.csv, target: COLUMN}")
    }

    @Test func `a macro for the other kind of data is refused with the right one`() {
        expectProblem(
            programs("command: [cat, \"${data.search}\"]\ndata: digits"),
            "5:16 command[1]: `${data.search}` has no table to stand for.", fix: "${data.path}")
        expectProblem(
            programs("command: [cat, \"${data.path}\"]"),
            "5:16 command[1]: `${data.path}` has no data set to stand for.", fix: "data: NAME")
    }
}
