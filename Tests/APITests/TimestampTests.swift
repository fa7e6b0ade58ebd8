import API
import Testing
import Vocabulary

/// Times in their written form.
struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_769_846_709_250, "2026-01-31T08:05:09.250Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `a moment has one written form`(_ milliseconds: Int64, _ text: String) {
        #expect(Timestamp(milliseconds: milliseconds).description == text)
        #expect(Timestamp(text: text)?.milliseconds == milliseconds)
    }

    @Test func `every day of four centuries reads back`() {
        let day = 86_400_000 as Int64
        for number in -146_097 as Int64..<146_097 {
            let moment = Timestamp(milliseconds: number * day + 12_345)
            guard Timestamp(text: moment.description) == moment else {
                Issue.record("\(moment) does not read back")
                return
            }
        }
    }

    @Test(arguments: [Int64.min, .max]) func `the ends of time stay in four digits`(_ end: Int64) {
        let moment = Timestamp(milliseconds: end)
        #expect(moment.description.utf8.count == 24)
        #expect(Timestamp(text: moment.description) == moment)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T08:05:09Z", "2026-01-31T08:05:09.250",
        "2026-13-01T00:00:00.000Z",
        "2026-02-29T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
        "2026-01-31T24:00:00.000Z", "2026-01-31T00:60:00.000Z", "2026-01-31T00:00:60.000Z",
        "2026-01-31t00:00:00.000Z", "+026-01-31T00:00:00.000Z", "2026-01-31T00:00:00.000z",
    ])
    func `another form is refused`(_ text: String) {
        #expect(Timestamp(text: text) == nil)
    }
}
