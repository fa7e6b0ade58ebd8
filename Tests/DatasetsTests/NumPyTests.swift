import Datasets
import Testing

/// Files that `numpy.load` reads, and that nobody can break a reader with.
@Suite struct NumPyTests {
    let table = Table(names: ["tmin", "count"], values: [1, 2, .nan, 4, -0.5, 6])

    func file(_ dictionary: String, version: UInt8 = 1, data: Int = 0) -> [UInt8] {
        let text = Array(dictionary.utf8)
        let length = (0..<(version == 1 ? 2 : 4)).map {
            UInt8(truncatingIfNeeded: text.count >> (8 * $0))
        }
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text
            + [UInt8](repeating: 0, count: data)
    }

    @Test func `the header is what numpy writes`() {
        let bytes = table.npy
        let header =
            "{'descr': [('tmin', '<f4'), ('count', '<f4')], 'fortran_order': False, "
            + "'shape': (3,), }"
        #expect(Array(bytes[..<10]) == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
        #expect(bytes[10...].starts(with: Array(header.utf8)))
        #expect(bytes[127] == UInt8(ascii: "\n"))
        #expect(bytes.count == 128 + 6 * 4)
        #expect(Array(bytes[132..<136]) == [0, 0, 0, 0x40])
    }

    @Test func `a table is read back`() throws {
        let copy = try Table(npy: table.npy)
        #expect(copy.names == table.names)
        #expect(copy.values.map(\.bitPattern) == table.values.map(\.bitPattern))
        #expect(copy.rows == 3)
        #expect(copy.position(of: "count") == 1)
    }

    @Test func `names outside ASCII and long headers are read back`() throws {
        let names = ["Größe", "客"] + (0..<4000).map { "a_rather_long_name_\($0)" }
        let wide = Table(names: names, values: [Float](repeating: 7, count: names.count))
        #expect(wide.npy[6] == 3)
        #expect(try Table(npy: wide.npy) == wide)
        // Just where a header stops fitting version 1.0.
        for count in 64_900...64_990 {
            let long = Table(names: [String(repeating: "n", count: count)], values: [1])
            #expect(try Table(npy: long.npy) == long)
        }
    }

    @Test func `losses are read back`() throws {
        let losses = [0, 1.5, .infinity, 1e300]
        #expect(try Losses.read(Losses.npy(losses)) == losses)
        #expect(try Losses.read(Losses.npy([])) == [])
        #expect(throws: TableError.self) { try Losses.read(table.npy) }
        #expect(throws: TableError.self) { try Table(npy: Losses.npy(losses)) }
    }

    @Test func `a file cut off anywhere is refused`() {
        for length in 0..<table.npy.count {
            #expect(throws: TableError.self) { try Table(npy: Array(table.npy[..<length])) }
        }
        #expect(throws: TableError.self) { try Table(npy: table.npy + [0]) }
    }

    @Test func `a file with any byte of its header changed does not trap`() {
        for position in 0..<128 {
            for byte in [0, 0x27, 0x39, 0xFF] as [UInt8] {
                var bytes = table.npy
                bytes[position] = byte
                // Some changes are to a name and harmless; the others are refused.
                if let changed = try? Table(npy: bytes) {
                    #expect(changed.values.count == 6)
                }
            }
        }
    }

    @Test(arguments: [
        "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': True, 'shape': (1,), }",
        "{'descr': [('a', '<f4'), ('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "{'descr': [], 'fortran_order': False, 'shape': (0,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (-1,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (9223372036854775807,), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': [('a\\'', '<f4')], 'fortran_order': False, 'shape': (1,), }",
        "{'shape': (1,), 'descr': [('a', '<f4')], 'fortran_order': False}",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), } exit()",
    ])
    func `a header of another meaning is refused`(dictionary: String) {
        #expect(throws: TableError.self) { try Table(npy: file(dictionary, data: 4)) }
    }

    @Test func `the same header in another spacing is read`() throws {
        let text = "{ 'descr' : [ ( 'a' , '<f4' ) , ],'fortran_order':False,'shape':(2 ,)}"
        #expect(try Table(npy: file(text, version: 3, data: 8)).values == [0, 0])
    }
}
