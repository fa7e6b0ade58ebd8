/// Reads the Python dictionary in a NumPy header: exactly the keys and literals that
/// `numpy.save` writes for the layouts used here, with spaces anywhere between them.
struct NumPyDictionary {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) { rest = Substring(text).unicodeScalars }

    /// The layout and the number of rows.
    mutating func read() throws(TableError) -> (NumPyHeader.Layout, rows: Int) {
        try expect("{")
        try key("descr")
        let layout: NumPyHeader.Layout
        if skip("[") {
            layout = .fields(try fields())
        } else {
            guard try quoted() == "<f8" else { throw TableError("the numbers are not <f8") }
            layout = .doubles
        }
        try expect(",")
        try key("fortran_order")
        for letter in "False".unicodeScalars where rest.popFirst() != letter {
            throw TableError("the array is not in C order")
        }
        try expect(",")
        try key("shape")
        try expect("(")
        let rows = try number()
        try expect(",")
        try expect(")")
        _ = skip(",")
        try expect("}")
        guard rest.allSatisfy({ $0 == " " || $0 == "\n" }) else {
            throw TableError("text follows the dictionary of the NumPy header")
        }
        return (layout, rows)
    }

    private mutating func fields() throws(TableError) -> [String] {
        var names: [String] = []
        while !skip("]") {
            try expect("(")
            names.append(try quoted())
            try expect(",")
            let kind = try quoted()
            guard kind == "<f4" else {
                throw TableError("column \"\(names[names.count - 1])\" is \(kind), not <f4")
            }
            try expect(")")
            guard names.count <= Table.columnLimit else {
                throw TableError("the table has more than \(Table.columnLimit) columns")
            }
            if !skip(",") {
                try expect("]")
                break
            }
        }
        guard !names.isEmpty, Set(names).count == names.count else {
            throw TableError("the table has no columns, or two of one name")
        }
        return names
    }

    private mutating func key(_ name: String) throws(TableError) {
        guard try quoted() == name else { throw TableError("the NumPy header has no \(name)") }
        try expect(":")
        skipSpaces()
    }

    private mutating func quoted() throws(TableError) -> String {
        try expect("'")
        let content = rest.prefix { $0 != "'" && $0 != "\\" }
        rest = rest[content.endIndex...]
        guard rest.popFirst() == "'" else {
            throw TableError("a text in the NumPy header is not closed or has an escape")
        }
        return String(content)
    }

    private mutating func number() throws(TableError) -> Int {
        skipSpaces()
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest[digits.endIndex...]
        guard let value = Int(String(digits)) else {
            throw TableError("the shape in the NumPy header is not one number")
        }
        return value
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(TableError) {
        guard skip(scalar) else {
            throw TableError("the NumPy header lacks \"\(scalar)\" where it belongs")
        }
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipSpaces() {
        rest = rest.drop { $0 == " " }
    }
}
