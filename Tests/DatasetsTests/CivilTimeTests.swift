import Datasets
import Testing
import Vocabulary

/// Dates checked against the calendar.
@Suite struct CivilTimeTests {
    @Test(arguments: [
        ("1970-01-01 00:00:00", 0, 3, 1),
        ("1969-12-31 23:59:59", -1, 2, 365),
        ("2000-02-29 00:00:00", 951_782_400, 1, 60),
        ("2019-09-01 13:05:07", 1_567_343_107, 6, 244),
        ("2024-12-31 00:00:00", 1_735_603_200, 1, 366),
        ("0001-01-01 00:00:00", -62_135_596_800, 0, 1),
        ("9999-12-31 23:59:59", 253_402_300_799, 4, 365),
    ])
    func `seconds, weekday and day of the year are those of the calendar`(
        text: String, seconds: Int64, weekday: Int, dayOfYear: Int
    ) throws {
        let time = try #require(CivilTime(text.utf8))
        #expect(time.seconds == seconds)
        #expect(time.weekday == weekday)
        #expect(time.dayOfYear == dayOfYear)
    }

    @Test func `every day follows the one before`() throws {
        var previous = try #require(CivilTime("1999-12-31".utf8))
        var days = 0
        for year in 2000...2004 {
            for month in 1...12 {
                for day in 1...31 {
                    let text = [year, month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
                        .joined(separator: "-")
                    guard let time = CivilTime(text.utf8) else { continue }
                    days += 1
                    #expect(time.seconds == previous.seconds + 86_400)
                    #expect(time.weekday == (previous.weekday + 1) % 7)
                    previous = time
                }
            }
        }
        #expect(days == 366 + 365 * 3 + 366)
    }

    @Test(arguments: ["2020-01-02", "2020-01-02 03:04", "2020-01-02T03:04:05"])
    func `shorter forms and ISO 8601's are read`(text: String) {
        #expect(CivilTime(text.utf8)?.day == 2)
    }

    @Test(arguments: [
        "", "2020", "2020-1-02", "2020-02-30", "2019-02-29", "1900-02-29", "2020-00-01",
        "2020-13-01", "0000-01-01", "2020-01-01 24:00:00", "2020-01-01 00:60:00",
        "2020-01-01 00:00:60", "2020-01-01x00:00:00", "2020-01-01 00-00:00",
        "2020-01-01 00:00:00Z", "2020-01-01 0000000", "+020-01-01",
    ])
    func `anything else is no time`(text: String) {
        #expect(CivilTime(text.utf8) == nil)
    }
}
