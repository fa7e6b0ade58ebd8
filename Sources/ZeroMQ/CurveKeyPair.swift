import CLibZMQ
import Glibc

/// A CURVE secret key, which neither prints itself nor stays in memory after use.
@safe
package final class CurveSecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    // 40 characters and the zero byte that libzmq's functions expect, written in `init` and not
    // again before `deinit`.
    nonisolated(unsafe) fileprivate let storage: UnsafeMutablePointer<CChar>

    /// Validates the text form, 40 characters of Z85.
    ///
    /// The caller's copy is the caller's to erase.
    /// - Throws: ``ZeroMQError`` with `malformedKey`.
    package convenience init(_ text: some Collection<UInt8>) throws(ZeroMQError) {
        guard isCurveKey(text) else {
            throw ZeroMQError(
                .malformedKey, "read a CURVE secret key", "a key is 40 characters of Z85")
        }
        self.init()
        for (index, character) in text.enumerated() {
            unsafe storage[index] = CChar(bitPattern: character)
        }
    }

    fileprivate init() {
        unsafe storage = .allocate(capacity: CurveKey.length + 1)
        unsafe storage.initialize(repeating: 0, count: CurveKey.length + 1)
    }

    deinit {
        // Not `memset`: the compiler may drop a store that nothing reads.
        unsafe explicit_bzero(storage, CurveKey.length + 1)
        unsafe storage.deallocate()
    }

    /// Lends the 40 characters, for a key file or a socket option; do not keep them.
    package func withText<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: storage, count: CurveKey.length))
    }

    /// The same for every key.
    package var description: String { "CurveSecretKey(hidden)" }

    /// Nothing: a key does not reach a log through `dump` either.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A CURVE identity: the secret key and the public key that follows from it.
package struct CurveKeyPair: Sendable {
    /// The half that others know.
    package let publicKey: CurveKey
    /// The half that never leaves the host.
    package let secretKey: CurveSecretKey

    /// Makes a new identity from the operating system's random numbers.
    /// - Throws: ``ZeroMQError`` with `unsupportedLibrary` when libzmq was built without CURVE.
    package static func generate() throws(ZeroMQError) -> CurveKeyPair {
        let secretKey = CurveSecretKey()
        return try unsafe CurveKeyPair(secretKey) { publicText, secretText in
            unsafe zmq_curve_keypair(publicText, secretText)
        }
    }

    /// Derives the public key.
    /// - Throws: ``ZeroMQError`` with `unsupportedLibrary` when libzmq was built without CURVE.
    package init(secretKey: CurveSecretKey) throws(ZeroMQError) {
        try unsafe self.init(secretKey) { publicText, secretText in
            unsafe zmq_curve_public(publicText, secretText)
        }
    }

    private init(
        _ secretKey: CurveSecretKey,
        _ derive: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CChar>?) -> Int32
    ) throws(ZeroMQError) {
        var publicText = [CChar](repeating: 0, count: CurveKey.length + 1)
        let status = unsafe derive(&publicText, secretKey.storage)
        guard status == 0 else {
            throw ZeroMQError(
                .unsupportedLibrary, "make a CURVE key", "this libzmq was built without CURVE")
        }
        let bytes = publicText.prefix(CurveKey.length).map { UInt8(bitPattern: $0) }
        publicKey = try CurveKey(String(decoding: bytes, as: UTF8.self))
        self.secretKey = secretKey
    }
}
