/// A local date and time of day without a time zone, in the Gregorian calendar.
package struct CivilTime: Hashable, Sendable {
    /// The year, from 1 to 9999.
    package let year: Int
    /// The month, from 1 to 12.
    package let month: Int
    /// The day of the month, from 1 to 31.
    package let day: Int
    /// The hour, from 0 to 23.
    package let hour: Int
    /// Seconds since the start of 1970-01-01 on the same clock.
    package let seconds: Int64

    /// Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS`, also with a `T` for the
    /// space (ISO 8601); nil for anything else and for dates that do not exist.
    package init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text.prefix(20))
        guard [10, 16, 19].contains(bytes.count),
            let year = Self.number(bytes, 0, 4), year > 0, bytes[4] == UInt8(ascii: "-"),
            let month = Self.number(bytes, 5, 2), (1...12).contains(month),
            bytes[7] == UInt8(ascii: "-"), let day = Self.number(bytes, 8, 2),
            (1...Self.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        var clock = [0, 0, 0]
        if bytes.count > 10 {
            guard bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T") else {
                return nil
            }
            for (part, limit) in [24, 60, 60].enumerated() where bytes.count > 11 + 3 * part {
                guard let value = Self.number(bytes, 11 + 3 * part, 2), value < limit,
                    part == 0 || bytes[10 + 3 * part] == UInt8(ascii: ":")
                else { return nil }
                clock[part] = value
            }
        }
        self.year = year
        self.month = month
        self.day = day
        hour = clock[0]
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        seconds = Int64(days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    /// The day of the week, from 0 for Monday to 6 for Sunday (ISO 8601 counts from 1).
    package var weekday: Int {
        // 1970-01-01 was a Thursday; the remainder of a negative number is negative.
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        return ((days + 3) % 7 + 7) % 7
    }

    /// The day of the year, from 1 to 366.
    package var dayOfYear: Int {
        Self.daysSinceEpoch(year: year, month: month, day: day)
            - Self.daysSinceEpoch(year: year, month: 1, day: 1) + 1
    }

    /// Days from 1970-01-01: `days_from_civil` of Howard Hinnant's "chrono-Compatible Low-Level
    /// Date Algorithms", which counts years from March so that the leap day comes last.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for byte in bytes[start..<start + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}
