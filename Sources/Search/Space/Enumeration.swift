import Vocabulary

/// The values of a domain in order, where it has finitely many.
struct Enumeration {
    private enum Values {
        case list([ParameterValue])
        case real(RealLattice)
        case integer(IntegerLattice)
    }

    private let values: Values
    /// How many there are.
    let count: UInt64

    /// Nil when the domain has infinitely many values, or more than 2^64 - 1.
    init?(_ domain: Domain) {
        switch domain {
        case .constant(let value):
            values = .list([value])
            count = 1
        case .categorical(let choices, _):
            values = .list(choices)
            count = UInt64(choices.count)
        case .float(let interval):
            guard let lattice = RealLattice(interval),
                let size = Self.size(of: lattice.multipliers)
            else { return nil }
            values = .real(lattice)
            count = size
        case .integer(let interval):
            let lattice = IntegerLattice(interval)
            guard let size = Self.size(of: lattice.multipliers) else { return nil }
            values = .integer(lattice)
            count = size
        case .normal:
            return nil
        }
    }

    private static func size(of range: ClosedRange<Int64>) -> UInt64? {
        let span = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        let (count, overflow) = span.addingReportingOverflow(1)
        return overflow ? nil : count
    }

    /// The value at `position`, which is below `count`.
    func value(at position: UInt64) -> ParameterValue {
        switch values {
        case .list(let list):
            list[Int(position)]
        case .real(let lattice):
            .float(lattice.value(Self.multiplier(at: position, of: lattice.multipliers)))
        case .integer(let lattice):
            .integer(lattice.value(Self.multiplier(at: position, of: lattice.multipliers)))
        }
    }

    private static func multiplier(at position: UInt64, of range: ClosedRange<Int64>) -> Int64 {
        Int64(bitPattern: UInt64(bitPattern: range.lowerBound) &+ position)
    }

    /// The positions of the values in `wanted` (comparable forms), in ascending order and
    /// without repeats.
    func positions(of wanted: Set<ParameterValue>) -> [UInt64] {
        switch values {
        case .list(let list):
            return list.indices.filter { wanted.contains(list[$0].comparableForm) }
                .map { UInt64($0) }
        case .real(let lattice):
            return numericPositions(of: wanted, multipliers: lattice.multipliers) { value in
                guard let number = value.number else { return nil }
                return lattice.multiplier(nearest: number)
            }
        case .integer(let lattice):
            return numericPositions(of: wanted, multipliers: lattice.multipliers) { value in
                guard case .integer(let number) = value else { return nil }
                return lattice.multiplier(nearest: number)
            }
        }
    }

    private func numericPositions(
        of wanted: Set<ParameterValue>, multipliers: ClosedRange<Int64>,
        multiplier: (ParameterValue) -> Int64?
    ) -> [UInt64] {
        // Sorted afterwards, so the order in which a set gives its members has no effect.
        let candidates = wanted.compactMap { value -> UInt64? in
            guard let nearest = multiplier(value) else { return nil }
            let position = UInt64(bitPattern: nearest &- multipliers.lowerBound)
            return self.value(at: position).comparableForm == value ? position : nil
        }
        return candidates.sorted()
    }
}
