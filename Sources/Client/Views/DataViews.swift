package import API
import Vocabulary

/// Data sets as text.
package enum DataViews {
    /// A line for each data set.
    package static func list(_ page: DataSetPage, on paper: Page, now: Timestamp) -> String {
        guard !page.dataSets.isEmpty else {
            return "There are no data sets. `picoml data add NAME PATH` adds one."
        }
        var table = TextTable([
            .init("NAME", minimum: 6), .init("CONTENT"), .init("SIZE", .right),
            .init("FILES", .right, rank: 3), .init("ADDED", rank: 2),
            .init("USED AT", minimum: 8, rank: 1),
        ])
        table.rows = page.dataSets.map { data in
            [
                StyledText(data.name, .accent), StyledText("@\(data.digest.description.prefix(8))"),
                StyledText(HumanForm.bytes(data.byteCount)),
                StyledText(HumanForm.count(data.fileCount)),
                StyledText(HumanForm.age(of: data.added, at: now)),
                StyledText(data.location ?? "–"),
            ]
        }
        return paper.text(table.lines(width: paper.width))
    }

    /// What a name means, and what it meant before.
    package static func show(_ page: DataSetPage, on paper: Page, now: Timestamp) -> String {
        guard let data = page.dataSets.first else { return "" }
        var lines = paper.properties([
            ("data set", StyledText(data.name, .strong)),
            ("content", StyledText("\(data.digest)")),
            (
                "size",
                StyledText(
                    "\(HumanForm.bytes(data.byteCount)) in "
                        + HumanForm.count(data.fileCount, "file"))
            ),
            ("added", StyledText(HumanForm.age(of: data.added, at: now))),
            ("used at", StyledText(data.location ?? "– (workers fetch it)")),
        ])
        lines.append(
            StyledText("In a sweep file: ", .faint)
                + StyledText("data: \(data.name)@\(data.digest.description.prefix(12))", .accent))
        guard page.dataSets.count > 1 else { return paper.text(lines) }
        lines += [.empty, StyledText("Before", .strong)]
        var table = TextTable([
            .init("CONTENT"), .init("SIZE", .right), .init("FILES", .right), .init("ADDED"),
        ])
        table.rows = page.dataSets.dropFirst().map { data in
            [
                StyledText("@\(data.digest.description.prefix(12))"),
                StyledText(HumanForm.bytes(data.byteCount)),
                StyledText(HumanForm.count(data.fileCount)),
                StyledText(HumanForm.age(of: data.added, at: now)),
            ]
        }
        return paper.text(lines + table.lines(width: paper.width))
    }

    /// What a check of a data set found.
    package static func check(_ check: DataCheck, on paper: Page) -> String {
        let place = check.location.map { "at \($0)" } ?? "on the coordinator"
        let name = "\(check.name)@\(check.digest.description.prefix(8))"
        guard !check.isSound else {
            let size = HumanForm.bytes(check.byteCount)
            return paper.text(
                paper.wrapped("\(name) \(place) is as it was added: \(size) checked.", .good))
        }
        let lines = paper.wrapped("\(name) \(place) is not as it was added. Damage lies in:", .bad)
        return paper.text(lines + check.damaged.map { StyledText("  \($0)") })
    }

    /// How far something has come: `sends  43 %  1.2 GiB of 2.8 GiB`.
    package static func progress(
        _ verb: String, _ done: UInt64, of total: UInt64, width: Int = 24
    ) -> StyledText {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let filled = Int(share * Double(width))
        let bar =
            String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return StyledText("\(verb) ") + StyledText(bar, .accent)
            + StyledText(
                " \(Int(share * 100)) %, \(HumanForm.bytes(done)) of \(HumanForm.bytes(total))")
    }

    /// The same where nothing can be drawn over: in steps of tens, so that a log stays short.
    package static func summary(_ verb: String, _ done: UInt64, of total: UInt64) -> StyledText {
        let tens = total == 0 ? 10 : Int(Double(done) / Double(total) * 10)
        return StyledText("\(verb) \(tens * 10) %")
    }
}

extension DataSet {
    /// Its name, content and size, for the properties of a sweep.
    var words: String {
        "\(name)@\(digest.description.prefix(12)), \(HumanForm.bytes(byteCount))"
            + (location.map { ", used at \($0)" } ?? "")
    }
}
