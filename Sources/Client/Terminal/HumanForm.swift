package import API
import Foundation

/// Numbers as people say them.
package enum HumanForm {
    /// Seconds as `0.4 s`, `12 s`, `2 min 3 s`, `1 h 4 min`, `3 d 2 h`; `–` when not finite or
    /// negative.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
        if seconds < 9.95 { return fixed(seconds, 1) + " s" }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
        case ..<86_400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
        default: return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
        }
    }

    /// How long `time` lies before `now`: `3 min 2 s ago`; `now` for less than a second.
    package static func age(of time: Timestamp, at now: Timestamp) -> String {
        now.milliseconds - time.milliseconds < 1000 ? "now" : "\(span(from: time, to: now)) ago"
    }

    /// How long `later` lies after `time`, in whole seconds; `0 s` when it does not.
    package static func span(from time: Timestamp, to later: Timestamp) -> String {
        let seconds = max(0, Double(later.milliseconds - time.milliseconds) / 1000).rounded()
        // Tenths would say more than two clocks agree on.
        return seconds < 10 ? "\(Int(seconds)) s" : duration(seconds: seconds)
    }

    /// A whole number with its thousands apart: `12,345`.
    package static func count(_ number: some BinaryInteger) -> String {
        var groups: [Substring] = []
        var digits = Substring("\(number.magnitude)")
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        groups.insert(digits, at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `count` with the word for one or for several: `1 trial`, `2 trials`.
    package static func count(_ number: some BinaryInteger, _ word: String) -> String {
        "\(count(number)) \(word)\(number == 1 ? "" : "s")"
    }

    /// Bytes with a binary prefix (IEC 80000-13): `512 B`, `1.5 KiB`, `3.2 GiB`.
    package static func bytes(_ number: UInt64) -> String {
        guard number >= 1024 else { return "\(number) B" }
        var value = Double(number)
        var prefix = ""
        for next in ["K", "M", "G", "T", "P", "E"] where value >= 1024 {
            value /= 1024
            prefix = next
        }
        return fixed(value, 1) + " \(prefix)iB"
    }

    /// A measured value with up to `digits` significant digits: `12.3457`, `1.2e-09`.
    package static func number(_ value: Double, digits: Int = 6) -> String {
        String(format: "%.\(digits)g", value)
    }

    /// Measured values for one column, all with the decimals that give the largest one about six
    /// significant digits, so that their points stand below each other; `–` for nil.
    ///
    /// Values too far apart for that are shown as `number` shows them.
    package static func column(_ values: [Double?]) -> [String] {
        let sizes = values.compactMap(\.self).filter { $0.isFinite && $0 != 0 }.map(abs)
        let largest = sizes.max() ?? 1
        let decimals = 5 - Int(log10(largest).rounded(.down))
        let isEven = (0...8).contains(decimals) && (sizes.min() ?? 1) * 1000 > largest
        return values.map { value in
            guard let value else { return "–" }
            return isEven && value.isFinite ? fixed(value, decimals) : number(value)
        }
    }

    /// A share between 0 and 1 in per cent: `95 %`, `97.5 %`.
    package static func percent(_ share: Double) -> String {
        String(format: "%.4g", share * 100) + " %"
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }

    private static func pair(_ large: Int, _ unit: String, _ small: Int, _ smallUnit: String)
        -> String
    {
        small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(smallUnit)"
    }
}
