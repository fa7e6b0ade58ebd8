/// Rules about any file that people read, whatever its language.
enum TextLints {
    static let all = [machinePaths, unfinished]

    /// Written in halves, so that this file does not break the rules that it states.
    private static let machineFolders =
        ["/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/", "/ho" + "me/"]
        + ["/tmp/ba" + "sh"]
    private static let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    static let machinePaths = Lint(name: "no path of a build machine", covers: { _ in true }) {
        path, text in
        lines(of: text) { line in
            machineFolders.contains { folder in
                line.ranges(of: folder).contains { range in
                    guard range.lowerBound > line.startIndex else { return true }
                    let before = line[line.index(before: range.lowerBound)]
                    return !before.isLetter && !before.isNumber && !"_.-~}".contains(before)
                }
            }
        }.map { Violation(path: path, line: $0, message: "a path of a build machine") }
    }

    static let unfinished = Lint(name: "nothing is marked as left undone", covers: { _ in true }) {
        path, text in
        lines(of: text) { line in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
            return words.contains { word in marks.contains { $0 == word } }
        }.map { Violation(path: path, line: $0, message: "a mark of unfinished work") }
    }

    /// The numbers of the lines that `isBad`.
    private static func lines(of text: String, where isBad: (Substring) -> Bool) -> [Int] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { isBad($0.element) }.map { $0.offset + 1 }
    }
}
