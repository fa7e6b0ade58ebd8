import Vocabulary

extension Kind where Value == String {
    /// The name of an experiment.
    static let experimentName = word(
        "1 to 64 of the characters A-Z, a-z, 0-9, _ and -", count: 1...64
    ) { isLetterOrDigit($0) || $0 == "_" || $0 == "-" }

    /// The name of a model in the registry.
    static let modelName = word(
        "1 to 128 of the characters A-Z, a-z, 0-9, ., _ and -, a letter or digit first",
        count: 1...128
    ) { isLetterOrDigit($0) || $0 == "." || $0 == "_" || $0 == "-" }
    .then { name, node, problems -> String? in
        guard let first = name.unicodeScalars.first, isLetterOrDigit(first) else {
            problems.error(
                "A model's name begins with a letter or digit", in: node, fix: "Rename it.")
            return nil
        }
        return name
    }

    /// Whether `scalar` is one of A-Z, a-z and 0-9.
    static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9": true
        default: false
        }
    }
}
