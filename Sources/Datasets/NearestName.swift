/// Finds the name that a person probably meant.
package enum NearestName {
    /// The members of `names` closest to `name`, best first, at most `count` of them.
    ///
    /// Closeness is the optimal string alignment distance (Levenshtein with transpositions of
    /// neighbours, Damerau 1964) without regard to case; names that differ in more than a third
    /// of their letters are left out.
    package static func suggestions(for name: String, in names: [String], count: Int = 3)
        -> [String]
    {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let scored = names.map { candidate in
            let letters = Array(candidate.lowercased().unicodeScalars.prefix(64))
            let allowed = max(1, (max(wanted.count, letters.count) + 2) / 3)
            return (candidate, distance(wanted, letters), allowed)
        }
        return scored.filter { $0.1 <= $0.2 }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
            .prefix(count).map(\.0)
    }

    /// A sentence such as `Did you mean "count"?`; empty when nothing is close.
    package static func question(for name: String, in names: [String]) -> String {
        let found = suggestions(for: name, in: names)
        guard !found.isEmpty else { return "" }
        return "Did you mean " + found.map { "\"\($0)\"" }.joined(separator: " or ") + "?"
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = left[row] == right[column] ? 0 : 1
                var best = min(
                    last[column] + change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
