/// What stands before the numbers in a NumPy file, for the two layouts used here.
///
/// Source: "NEP 1: A Simple File Format for NumPy Arrays". Version 1.0 is written unless a name
/// is not ASCII or the header is long; then it is version 3.0, whose header is UTF-8.
struct NumPyHeader {
    enum Layout: Equatable {
        /// One `<f4` field for each name.
        case fields([String])
        /// One `<f8` a row.
        case doubles
    }

    let layout: Layout
    let rows: Int
    /// Where the numbers start.
    let length: Int
    private let text: String

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Bytes of the dictionary that are read: columns at their limit with long names.
    private static let textLimit = 4 << 20

    init(layout: Layout, rows: Int) {
        self.layout = layout
        self.rows = rows
        let kind =
            switch layout {
            case .doubles: "'<f8'"
            case .fields(let names):
                "[" + names.map { "('\($0)', '<f4')" }.joined(separator: ", ") + "]"
            }
        let dictionary =
            "{'descr': \(kind), 'fortran_order': False, 'shape': (\(rows),), }"
        // The numbers start at a multiple of 64 bytes; a line feed ends the header.
        let prefix = Self.isShort(dictionary) ? 10 : 12
        let padding = 63 - (prefix + dictionary.utf8.count) % 64
        text = dictionary + String(repeating: " ", count: padding) + "\n"
        length = prefix + text.utf8.count
    }

    /// Reads the start of a file.
    init(_ bytes: [UInt8]) throws(TableError) {
        guard bytes.count >= 12, bytes.starts(with: Self.magic) else {
            throw TableError("the file is not in NumPy's format")
        }
        let count: Int
        let prefix: Int
        switch (bytes[6], bytes[7]) {
        case (1, 0):
            prefix = 10
            count = Int(bytes[8]) | Int(bytes[9]) << 8
        case (3, 0):
            prefix = 12
            count = (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        default:
            throw TableError("the file has NumPy version \(bytes[6]).\(bytes[7]), not 1.0 or 3.0")
        }
        guard count <= Self.textLimit, prefix + count <= bytes.count,
            let text = String(validating: bytes[prefix..<prefix + count], as: UTF8.self)
        else { throw TableError("the header of the NumPy file is cut off or not UTF-8") }
        var dictionary = NumPyDictionary(text)
        (layout, rows) = try dictionary.read()
        length = prefix + count
        self.text = text
    }

    /// The header as it is written.
    var bytes: [UInt8] {
        let count = text.utf8.count
        let isShort = length - count == 10
        var bytes = Self.magic + [isShort ? 1 : 3, 0]
        for position in 0..<(isShort ? 2 : 4) {
            bytes.append(UInt8(truncatingIfNeeded: count >> (8 * position)))
        }
        return bytes + Array(text.utf8)
    }

    /// The numbers behind the header, which must be exactly `count`.
    func elements<Element: BitwiseCopyable & BinaryFloatingPoint>(
        of bytes: [UInt8], count: Int, as type: Element.Type
    ) throws(TableError) -> [Element] {
        let size = MemoryLayout<Element>.size
        guard (bytes.count - length).isMultiple(of: size),
            (bytes.count - length) / size == count
        else {
            throw TableError(
                "the file has \(bytes.count - length) bytes of numbers; its shape says otherwise")
        }
        // Little-endian in the file as on every platform that Swift on Linux runs on.
        var elements = [Element](repeating: 0, count: count)
        unsafe elements.withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes[length...]) }
        return elements
    }

    /// The numbers as they stand in the file.
    static func rawBytes<Element: BitwiseCopyable & BinaryFloatingPoint>(
        of elements: [Element]
    ) -> [UInt8] {
        unsafe elements.withUnsafeBytes { unsafe Array($0) }
    }

    /// Whether version 1.0 can hold the header, padding included.
    private static func isShort(_ text: String) -> Bool {
        text.utf8.count < 65_000 && text.utf8.allSatisfy { $0 < 0x80 }
    }
}
