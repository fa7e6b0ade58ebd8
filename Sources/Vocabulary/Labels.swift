/// What a host is called by, such as `zone=b`.
package struct Label: Hashable, Sendable, CustomStringConvertible {
    /// Which property.
    package let name: String
    /// What it is on this host.
    package let value: String

    /// `name` is `value`.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Reads `zone=b`; nil when it is not of this form.
    package init?(text: String) {
        let words = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2, words.allSatisfy(Self.isWord) else { return nil }
        self.init(words[0], words[1])
    }

    /// As people write it: `zone=b`.
    package var description: String { "\(name)=\(value)" }

    /// Whether `text` can be a name or a value: letters, digits, `-`, `_`, `.` and `/`, from one
    /// to `Limits.labelBytes` of them.
    package static func isWord(_ text: String) -> Bool {
        (1...Limits.labelBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    /// Names that every worker says by itself, so that nobody gives them another value.
    package static let implied = ["architecture", "distribution", "host"]
}

/// Labels with different names, in the order of the names.
package struct Labels: Hashable, Sendable {
    /// The labels.
    package private(set) var all: [Label]

    /// No labels.
    package init() { all = [] }

    /// The labels of `pairs`, of which the last counts where a name stands twice.
    package init(_ pairs: some Sequence<Label>) {
        self.init()
        for pair in pairs { self[pair.name] = pair.value }
    }

    /// Whether there are none.
    package var isEmpty: Bool { all.isEmpty }

    /// The value of the label `name`; nil when there is none.
    package subscript(name: String) -> String? {
        get { all.first { $0.name == name }?.value }
        set {
            let place = all.firstIndex { $0.name >= name } ?? all.endIndex
            if place < all.endIndex, all[place].name == name { all.remove(at: place) }
            if let newValue { all.insert(Label(name, newValue), at: place) }
        }
    }

    /// Those of `wanted` that are missing here or have another value.
    package func lacking(_ wanted: Labels) -> [Label] {
        wanted.all.filter { self[$0.name] != $0.value }
    }
}

/// An object with a member for each label.
extension Labels: Codable {
    /// Reads a dictionary: its keys are those that no strategy of a decoder changes.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.singleValueContainer().decode([String: String].self)
        self.init(values.keys.sorted().compactMap { name in values[name].map { Label(name, $0) } })
    }

    /// Writes a dictionary, for the same reason.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let pairs = all.map { ($0.name, $0.value) }
        try container.encode(Dictionary(pairs) { _, last in last })
    }
}
