import Vocabulary

/// `environment` as it was written, where it is a mapping.
struct EnvironmentDraft: Sendable {
    /// The mapping.
    let node: Node
    var requirements: String?
    var image: String?

    /// What may stand in `environment`.
    static let table = Table(
        "`environment`", { EnvironmentDraft(node: $0) },
        fields: [
            Field(
                "requirements", .codePath("the path of a requirements file"), \.requirements,
                "A requirements file of pip, relative to the code. Each host makes a virtual "
                    + "environment with it, once."),
            Field(
                "image", .image, \.image,
                "A container image, such as `docker.io/library/python:3.12-slim`. Each host gets "
                    + "it once, with podman or docker, and runs each trial in a container of its "
                    + "own."),
        ])
}

extension Kind where Value == EnvironmentSpec {
    private static let advice =
        "Write `system`, `{requirements: requirements.txt}`, or `{image: NAME}`."

    /// The word `system`, or a mapping with `requirements` or `image`.
    static let environment = Kind("`system`, or a mapping with `requirements` or `image`") {
        node, problems in
        if node.scalar == .text("system") { return .system }
        if case .text(let name) = node.scalar {
            problems.error(
                "There is no environment `\(name.clipped)`", in: node,
                fix: name.hasSuffix(".txt")
                    ? "Write `{requirements: \(name.clipped)}`." : advice)
            return nil
        }
        guard node.entries != nil else {
            problems.mismatch(
                node, expected: "`system`, or a mapping with `requirements` or `image`",
                fix: advice)
            return nil
        }
        guard let draft = EnvironmentDraft.table.read(node, into: &problems) else { return nil }
        return draft.environment(into: &problems)
    }
}

extension EnvironmentDraft {
    fileprivate func environment(into problems: inout Problems) -> EnvironmentSpec? {
        switch (requirements, image) {
        case (let path?, nil): return .requirements(path)
        case (nil, let name?): return .image(name)
        case (nil, nil):
            // A key that was written wrongly was reported.
            let isTold = ["requirements", "image"].contains {
                node.has($0) || Self.table.isMisspelled($0, in: node)
            }
            if !isTold {
                problems.error(
                    "The environment has neither `requirements` nor `image`", in: node,
                    fix: "Write `{requirements: requirements.txt}` or `{image: NAME}`.")
            }
            return nil
        case (_?, _?):
            problems.error(
                "`requirements` and `image` exclude each other", in: node,
                fix: "Install the packages in the image, and delete `requirements`.")
            return nil
        }
    }
}

extension Kind where Value == String {
    /// The name of a container image: no option of the program that gets it.
    fileprivate static let image = word(
        "the name of a container image", count: 1...Limits.nameBytes,
        isAllowed: { $0.isASCII && !$0.properties.isWhitespace && $0.value > 0x20 }
    ).then { name, node, problems -> String? in
        guard name.first != "-" else {
            problems.mismatch(node, expected: "the name of a container image")
            return nil
        }
        return name
    }
}
