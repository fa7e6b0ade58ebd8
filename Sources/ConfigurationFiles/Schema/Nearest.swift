/// The names that a person may have meant.
enum Nearest {
    /// Longer words are not compared: nobody mistypes them by accident.
    private static let lengthLimit = 64
    /// Further candidates are not compared: the answer must not take longer than the question.
    private static let candidateLimit = 1000

    /// The one of `candidates` that `word` is most likely a misspelling of; nil without one.
    ///
    /// Among equally near ones the first wins.
    static func match(for word: String, among candidates: [String]) -> String? {
        guard word.unicodeScalars.count <= lengthLimit else { return nil }
        let needle = Array(word.lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(candidateLimit)
        where candidate.unicodeScalars.count <= lengthLimit {
            let other = Array(candidate.lowercased().unicodeScalars)
            let tolerance = max(needle.count, other.count) / 3
            guard abs(needle.count - other.count) <= tolerance else { continue }
            let distance = distance(needle, other)
            if distance <= tolerance, distance < (best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// "Did you mean …?" with the nearest name, or else the whole list.
    static func advice(for word: String, among candidates: [String]) -> String {
        if let match = match(for: word, among: candidates) { return "Did you mean `\(match)`?" }
        let shown = candidates.prefix(40).map { "`\($0.clipped)`" }.joined(separator: ", ")
        return shown.isEmpty ? "" : "Known here: \(shown)."
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words, with each
    /// part edited at most once: the optimal string alignment form of Damerau (1964) and
    /// Levenshtein (1966).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let replacement = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replacement, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
