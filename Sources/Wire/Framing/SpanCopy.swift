extension Span<UInt8> {
    /// A copy of the bytes.
    func copy() -> [UInt8] {
        unsafe withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
    }
}
