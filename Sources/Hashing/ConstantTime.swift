import CSodium

/// Comparison of secrets in a time that tells nothing of where they differ.
package enum ConstantTime {
    /// Whether two byte strings are equal; only their lengths can be learnt from the time.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }

    /// Whether two texts have the same UTF-8; only their lengths can be learnt from the time.
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(Array(left.utf8), Array(right.utf8))
    }
}
