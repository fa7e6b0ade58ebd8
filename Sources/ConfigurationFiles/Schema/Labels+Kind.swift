import Vocabulary

extension Kind where Value == Labels {
    /// A mapping from names to values; `allowsImplied` whether it may have the names that every
    /// worker says by itself.
    static func labels(allowsImplied: Bool) -> Kind {
        let noun = "a mapping from names to values, such as `{zone: b}`"
        return Kind(noun) { node, problems in
            guard let entries = node.entries else {
                problems.mismatch(node, expected: noun)
                return nil
            }
            guard entries.count <= Limits.labels else {
                problems.error(
                    "There are \(entries.count) labels; \(Limits.labels) are the limit", in: node)
                return nil
            }
            var labels: [Label] = []
            for entry in entries {
                guard Label.isWord(entry.key) else {
                    problems.error(
                        "`\(entry.key.clipped)` cannot be the name of a label", at: entry.mark,
                        entry.value.path, fix: wordAdvice)
                    continue
                }
                guard allowsImplied || !Label.implied.contains(entry.key) else {
                    problems.error(
                        "A worker says `\(entry.key)` by itself", at: entry.mark,
                        entry.value.path, fix: "Delete the line, or choose another name.")
                    continue
                }
                guard case .scalar(let scalar) = entry.value.content, Label.isWord(scalar.text)
                else {
                    problems.mismatch(entry.value, expected: "a word", fix: wordAdvice)
                    continue
                }
                labels.append(Label(entry.key, scalar.text))
            }
            return labels.count == entries.count ? Labels(labels) : nil
        }
    }

    private static var wordAdvice: String {
        "Use letters, digits, `-`, `_`, `.` and `/`, \(Limits.labelBytes) at most."
    }
}
