import Vocabulary

/// `environment` as it was written, where it is a mapping.
struct EnvironmentDraft: Sendable {
    var requirements: String?

    /// What may stand in `environment`.
    static let table = Table(
        "`environment`", { _ in EnvironmentDraft() },
        fields: [
            Field(
                "requirements", .codePath("the path of a requirements file"), \.requirements,
                isRequired: true,
                "A requirements file of pip, relative to the code. Each host makes a virtual "
                    + "environment with it, once.")
        ])
}

extension Kind where Value == EnvironmentSpec {
    /// The word `system`, or a mapping with `requirements`.
    static let environment = Kind("`system`, or a mapping with `requirements`") {
        node, problems in
        if node.scalar == .text("system") { return .system }
        let advice = "Write `system`, or `{requirements: requirements.txt}`."
        if case .text(let name) = node.scalar {
            problems.error(
                "There is no environment `\(name.clipped)`", in: node,
                fix: name.hasSuffix(".txt")
                    ? "Write `{requirements: \(name.clipped)}`." : advice)
            return nil
        }
        guard node.entries != nil else {
            problems.mismatch(
                node, expected: "`system`, or a mapping with `requirements`", fix: advice)
            return nil
        }
        return EnvironmentDraft.table.read(node, into: &problems)?.requirements
            .map(EnvironmentSpec.requirements)
    }
}
