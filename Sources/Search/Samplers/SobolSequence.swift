/// The Sobol sequence in base 2, of up to 128 dimensions and 2^32 points, without scrambling.
///
/// Sources: Sobol, "On the distribution of points in a cube and the approximate evaluation of
/// integrals", USSR Computational Mathematics and Mathematical Physics 7(4), 1967; the recurrence
/// in the form of Bratley and Fox, ACM TOMS Algorithm 659, 1988; direction numbers of Joe and Kuo
/// (`SobolDirections`).
package struct SobolSequence: Sendable {
    /// The most dimensions that there are direction numbers for.
    package static let maximumDimensions = SobolDirections.polynomials.count + 1

    /// 32 direction numbers for each dimension, as binary fractions.
    private let directions: [UInt32]

    /// Prepares `dimensions` dimensions, at most `maximumDimensions`.
    package init(dimensions: Int) {
        var directions: [UInt32] = []
        directions.reserveCapacity(dimensions * 32)
        var offset = 0
        for dimension in 0..<min(dimensions, Self.maximumDimensions) {
            guard dimension > 0 else {
                directions += (0..<32).map { 1 << (31 - $0) }
                continue
            }
            let polynomial = UInt32(SobolDirections.polynomials[dimension - 1])
            let degree = 31 - polynomial.leadingZeroBitCount
            let initial = SobolDirections.initialNumbers[offset..<(offset + degree)]
            directions += Self.extend(initial, polynomial: polynomial, degree: degree)
            offset += degree
        }
        self.directions = directions
    }

    /// The 32 direction numbers that follow from the first ones.
    private static func extend(
        _ initial: ArraySlice<UInt16>, polynomial: UInt32, degree: Int
    ) -> [UInt32] {
        var numbers = zip(initial, 0..<32).map { UInt32($0) << (31 - $1) }
        for index in degree..<32 {
            let oldest = numbers[index - degree]
            var number = oldest ^ (oldest >> degree)
            for lag in 1..<max(1, degree) where polynomial >> (degree - lag) & 1 == 1 {
                number ^= numbers[index - lag]
            }
            numbers.append(number)
        }
        return numbers
    }

    /// Coordinate `dimension`, from 0, of point `index`, as a binary fraction of 32 bits.
    package func coordinate(_ dimension: Int, of index: UInt32) -> UInt32 {
        var bits: UInt32 = 0
        var rest = index
        while rest != 0 {
            bits ^= directions[dimension * 32 + rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return bits
    }
}
