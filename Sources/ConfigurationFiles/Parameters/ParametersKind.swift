import Vocabulary

extension Kind where Value == [ParameterEntry] {
    /// A mapping from names to parameters, flattened.
    static var parameters: Kind {
        Kind("a mapping from names to parameters") { node, problems in
            var entries: [ParameterEntry] = []
            guard collect(from: node, prefix: "", into: &entries, &problems) else { return nil }
            return entries
        }
    }

    private static func collect(
        from node: Node, prefix: String, into entries: inout [ParameterEntry],
        _ problems: inout Problems
    ) -> Bool {
        guard let pairs = node.entries else {
            problems.mismatch(node, expected: "a mapping from names to parameters")
            return false
        }
        guard !pairs.isEmpty else {
            problems.error(
                "There are no parameters", in: node,
                fix: "Add one, such as `eta: {min: 0.01, max: 0.3}`, or delete the key.")
            return false
        }
        for pair in pairs where !problems.isFull {
            let name = prefix + pair.key
            guard isName(name) else {
                problems.error(
                    "A parameter's name has 1 to \(Limits.nameBytes) bytes and no spaces",
                    at: pair.mark, pair.value.path, fix: "Rename it.")
                continue
            }
            let isRead: Bool
            if pair.value.entries == nil {
                isRead = appendConstant(name, pair, to: &entries, &problems)
            } else {
                isRead = appendMapping(name, pair, to: &entries, &problems)
            }
            guard isRead else { return false }
        }
        return true
    }

    /// A bare scalar is short for `value`.
    private static func appendConstant(
        _ name: String, _ pair: Entry, to entries: inout [ParameterEntry],
        _ problems: inout Problems
    ) -> Bool {
        var domain: Domain?
        if case .sequence = pair.value.content {
            problems.error(
                "Expected a parameter, found a list", in: pair.value,
                fix: "Write `values:` in front of the list.")
        } else if pair.value.isNull {
            problems.error(
                "The parameter has no values", at: pair.mark, pair.value.path,
                fix: "Give `value`, `values`, or `min` and `max`.")
        } else {
            domain = Kind<ParameterValue>.parameterValue.read(pair.value, &problems)
                .map(Domain.constant)
        }
        return append(
            ParameterEntry(
                name: name, mark: pair.mark, node: pair.value, domain: domain, condition: nil),
            to: &entries, &problems)
    }

    private static func appendMapping(
        _ name: String, _ pair: Entry, to entries: inout [ParameterEntry],
        _ problems: inout Problems
    ) -> Bool {
        if let nested = pair.value.entry("parameters") {
            for key in pair.value.entries ?? [] where key.key != "parameters" {
                problems.error(
                    "`\(key.key.clipped)` cannot stand beside `parameters`", at: key.mark,
                    key.value.path, fix: "Give it to the nested parameters themselves.")
            }
            return collect(from: nested.value, prefix: name + ".", into: &entries, &problems)
        }
        guard let draft = ParameterDraft.table.read(pair.value, into: &problems) else {
            return true
        }
        return append(
            ParameterEntry(
                name: name, mark: pair.mark, node: pair.value,
                domain: draft.domain(named: pair, into: &problems), condition: draft.condition),
            to: &entries, &problems)
    }

    private static func append(
        _ entry: ParameterEntry, to entries: inout [ParameterEntry], _ problems: inout Problems
    ) -> Bool {
        if let first = entries.first(where: { $0.name == entry.name }) {
            problems.error(
                "The parameter `\(entry.name.clipped)` stands twice, in lines "
                    + "\(first.mark.line) and \(entry.mark.line)",
                at: entry.mark, entry.node.path, fix: "Delete one of the two.")
            return true
        }
        guard entries.count < Limits.parametersPerSpace else {
            problems.error(
                "There are more than \(Limits.parametersPerSpace) parameters", at: entry.mark,
                entry.node.path, fix: "Delete some.")
            return false
        }
        entries.append(entry)
        return true
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= Limits.nameBytes
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
            }
    }
}
