/// A moment of the wall clock: `2026-01-31T08:05:09.250Z` (ISO 8601, UTC, milliseconds).
package struct Timestamp: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// The moment `milliseconds` after 1970; kept within the years 0000 to 9999, which are all
    /// that the written form can show.
    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, Self.earliest), Self.latest)
    }

    /// Reads the written form; nil for anything else.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
        guard bytes.count == pattern.count else { return nil }
        var fields: [Int64] = [0]
        for (byte, expected) in zip(bytes, pattern) {
            if expected == UInt8(ascii: "0") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int64(byte - 48)
            } else {
                guard byte == expected else { return nil }
                fields.append(0)
            }
        }
        guard (1...12).contains(fields[1]), (1...31).contains(fields[2]), fields[3] < 24,
            fields[4] < 60, fields[5] < 60
        else { return nil }
        let days = Self.days(year: fields[0], month: fields[1], day: fields[2])
        let seconds = (days * 24 + fields[3]) * 3600 + fields[4] * 60 + fields[5]
        self.init(milliseconds: seconds * 1000 + fields[6])
        guard description == text else { return nil }
    }

    /// The written form.
    package var description: String {
        let day = 86_400_000 as Int64
        let days = (milliseconds - (milliseconds % day + day) % day) / day
        let rest = milliseconds - days * day
        let date = Self.date(days: days)
        return Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-"
            + Self.padded(date.day, 2) + "T" + Self.padded(rest / 3_600_000, 2) + ":"
            + Self.padded(rest / 60_000 % 60, 2) + ":" + Self.padded(rest / 1000 % 60, 2) + "."
            + Self.padded(rest % 1000, 3) + "Z"
    }

    /// Orders from earlier to later.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Reads the written form.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(text: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not a time in UTC")
        }
        self = moment
    }

    /// Writes the written form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static let earliest = days(year: 0, month: 1, day: 1) * 86_400_000
    private static let latest = days(year: 10_000, month: 1, day: 1) * 86_400_000 - 1

    /// Days since 1970 of a date of the Gregorian calendar, counted in eras of 400 years that
    /// begin on 1 March, so that the leap day is the last day of a year.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
