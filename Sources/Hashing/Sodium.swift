import CSodium

/// libsodium, made ready on first use.
enum Sodium {
    private static let isReady = sodium_init() >= 0

    /// Must be called before anything that draws random bytes.
    static func prepare() {
        precondition(isReady, "libsodium could not open the system's source of random bytes")
    }
}
