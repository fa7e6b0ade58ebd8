import API
import Client
import Testing
import Vocabulary

/// Data sets as text, against files that a person has read.
struct DataViewTests {
    @Test func `data sets`() throws {
        try ViewCheck.check("data-list") {
            DataViews.list(Samples.dataSets, on: $0, now: Samples.now)
        }
    }

    @Test func `a data set with what it was before`() throws {
        let page = DataSetPage(dataSets: [
            Samples.dataSets.dataSets[0],
            Samples.dataSet("digits", 0x11, byteCount: 70 << 20, fileCount: 1790, secondsAgo: 9000),
        ])
        try ViewCheck.check("data-show") { DataViews.show(page, on: $0, now: Samples.now) }
    }

    @Test func `damage is named, and its absence too`() throws {
        let digest = Samples.dataSets.dataSets[0].digest
        var check = DataCheck(
            name: "digits", digest: digest, location: nil, byteCount: 5 << 20, damaged: [])
        try ViewCheck.check("data-sound") { DataViews.check(check, on: $0) }
        check.damaged = ["labels.csv", "images/17.png"]
        check.location = "/mnt/shared/digits"
        try ViewCheck.check("data-damaged") { DataViews.check(check, on: $0) }
    }

    @Test(arguments: [
        (0, "sends ░░░░░░░░ 0 %, 0 B of 4.0 KiB"),
        (1024, "sends ██░░░░░░ 25 %, 1.0 KiB of 4.0 KiB"),
        (4096, "sends ████████ 100 %, 4.0 KiB of 4.0 KiB"),
    ])
    func `progress is a bar with the numbers`(done: UInt64, text: String) {
        let line = DataViews.progress("sends", done, of: 4096, width: 8)
        #expect(line.rendered(isColoured: false) == text)
    }
}
