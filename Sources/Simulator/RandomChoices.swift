import Vocabulary

extension RandomSource {
    /// True with `probability`.
    mutating func chance(_ probability: Double) -> Bool { nextUnit() < probability }

    /// A span of up to `most`, each length equally likely.
    mutating func span(upTo most: Duration) -> Duration {
        .nanoseconds(Int64(next(below: UInt64(max(most.nanoseconds, 0)) + 1)))
    }

    /// One of `choices`, which must not be empty, each equally likely.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int(next(below: UInt64(choices.count)))]
    }

    /// A number in `range`, each equally likely.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next(below: UInt64(range.count)))
    }

    /// A digest that nothing else has.
    mutating func digest() -> Digest {
        var bytes: [UInt8] = []
        for _ in 0..<Digest.byteCount { bytes.append(UInt8(truncatingIfNeeded: next())) }
        guard let digest = Digest(bytes: bytes) else {
            preconditionFailure("32 bytes make a digest")
        }
        return digest
    }
}
