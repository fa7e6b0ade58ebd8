import Vocabulary

/// How closely decoded values are looked at.
///
/// What this program wrote to its own disk is proven by its checksum and must stay readable even
/// when a limit is lowered later, so only its structure is checked. What a peer sends is also held
/// to `Limits`.
enum Scrutiny {
    /// From the network.
    case peer
    /// From the program's own disk.
    case disk

    /// Refuses a name that is longer than `Limits.nameBytes`.
    func name(_ text: String, _ field: StaticString) throws(WireError) -> String {
        try bounded(text, Limits.nameBytes, field)
    }

    /// Refuses a text that is longer than `Limits.messageBytes`.
    func text(_ text: String, _ field: StaticString) throws(WireError) -> String {
        try bounded(text, Limits.messageBytes, field)
    }

    /// Refuses a list with more than `limit` members.
    func count(_ count: Int, atMost limit: Int, _ field: StaticString) throws(WireError) {
        guard self == .disk || count <= limit else {
            throw .invalid(field: "\(field)", problem: "has \(count) members of at most \(limit)")
        }
    }

    /// Refuses a number outside `range`.
    func number<Number: FixedWidthInteger>(
        _ number: Number, in range: ClosedRange<Number>, _ field: StaticString
    ) throws(WireError) -> Number {
        guard self == .disk || range.contains(number) else {
            throw .invalid(
                field: "\(field)",
                problem: "is \(number), not in \(range.lowerBound) ... \(range.upperBound)")
        }
        return number
    }

    /// Refuses NaN and infinities.
    func finite(_ number: Double, _ field: StaticString) throws(WireError) -> Double {
        guard self == .disk || number.isFinite else {
            throw .invalid(field: "\(field)", problem: "is \(number), not a finite number")
        }
        return number
    }

    /// Refuses what `condition` does not hold for.
    func require(
        _ condition: Bool, _ field: StaticString, _ problem: StaticString
    ) throws(WireError) {
        guard self == .disk || condition else {
            throw .invalid(field: "\(field)", problem: "\(problem)")
        }
    }

    private func bounded(
        _ text: String, _ limit: Int, _ field: StaticString
    ) throws(WireError) -> String {
        guard self == .disk || text.utf8.count <= limit else {
            throw .invalid(
                field: "\(field)", problem: "has \(text.utf8.count) bytes of at most \(limit)")
        }
        return text
    }
}

/// Checks of structure, which hold for the program's own bytes too.
enum Structure {
    /// Refuses zero.
    static func positive(_ number: UInt32, _ field: StaticString) throws(WireError) -> UInt32 {
        guard number > 0 else { throw .invalid(field: "\(field)", problem: "must be from 1") }
        return number
    }

    /// Refuses absence.
    static func present<Value>(_ value: Value?, _ field: StaticString) throws(WireError) -> Value {
        guard let value else { throw .invalid(field: "\(field)", problem: "is missing or unknown") }
        return value
    }

    /// Refuses what is not 32 bytes long.
    static func digest(
        _ bytes: some Collection<UInt8>, _ field: StaticString
    ) throws(WireError) -> Digest {
        guard let digest = Digest(bytes: bytes) else {
            throw .invalid(field: "\(field)", problem: "has \(bytes.count) bytes, not 32")
        }
        return digest
    }

    /// A trial's name, refused when a number is zero.
    static func trial(
        _ sweep: UInt32, _ trial: UInt32, _ field: StaticString
    ) throws(WireError) -> TrialID {
        TrialID(sweep: SweepID(try positive(sweep, field)), number: try positive(trial, field))
    }

    /// An attempt's name, refused when a number is zero.
    static func attempt(
        _ sweep: UInt32, _ trial: UInt32, _ attempt: UInt32, _ field: StaticString
    ) throws(WireError) -> AttemptID {
        AttemptID(
            trial: try self.trial(sweep, trial, field), number: try positive(attempt, field))
    }

    /// The members of a list, each mapped; grows with what was really there.
    static func list<Source, Target>(
        _ sources: [Source], _ map: (Source) throws(WireError) -> Target
    ) throws(WireError) -> [Target] {
        var targets: [Target] = []
        targets.reserveCapacity(sources.count)
        for source in sources { targets.append(try map(source)) }
        return targets
    }
}
