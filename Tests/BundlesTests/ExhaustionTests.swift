import Bundles
import Foundation
import Testing

/// Archives that are to cost more than they are worth.
@Suite struct `An archive that is too much` {
    private func unpack(
        _ script: String, _ limits: BundleLimits, filter: String = "zstd"
    ) throws -> BundleError? {
        let workplace = try Workplace()
        try TarScript.write(script, to: workplace["bundle"], filter: filter)
        do throws(BundleError) {
            try Unpacking.unpack(
                archiveAt: workplace["bundle"], into: workplace["out"], limits: limits,
                isReadOnly: false)
        } catch {
            #expect(try workplace.names() == ["bundle"])
            return error
        }
        #expect(try workplace.names() == ["bundle", "out"])
        return nil
    }

    private func limits(_ byteCount: UInt64, _ fileCount: Int = 100) -> BundleLimits {
        BundleLimits(byteCount: byteCount, fileCount: fileCount)
    }

    @Test func `is refused by the byte`() throws {
        let script = "file('a', bytes(600)); file('b', bytes(424))"
        #expect(try unpack(script, limits(1024)) == nil)
        #expect(try unpack(script, limits(1023)) == .tooMuch(.bytes(1023), largest: []))
    }

    @Test func `is refused by the file, counting folders that are only implied`() throws {
        let script = "file('a/b/c'); link('l', 'a')"
        #expect(try unpack(script, limits(10, 4)) == nil)
        #expect(try unpack(script, limits(10, 3)) == .tooMuch(.files(3), largest: []))
    }

    @Test func `is left before its end`() throws {
        // There are far fewer bytes than announced: who reads to the end finds it damaged.
        let script = "file('a', bytes(4 << 20), size=1 << 40)"
        let small = try unpack(script, limits(1 << 20))
        #expect(small == .tooMuch(.bytes(1 << 20), largest: []))
        let large = try unpack(script, limits(1 << 30))
        guard case .damaged? = large else {
            Issue.record("\(String(describing: large))")
            return
        }
    }

    @Test func `cannot hide bytes in what is passed over`() throws {
        // GNU's incremental archives give folders a content, which is a list of names.
        let script = "add('d', b'D', b'a' * (32 << 20)); file('t')"
        #expect(try unpack(script, limits(64 << 20)) == nil)
        #expect(try unpack(script, limits(1 << 20)) == .tooMuch(.bytes(1 << 20), largest: []))
    }

    @Test func `cannot hide bytes in the holes of a sparse file`() throws {
        func script(_ hole: Int) -> String {
            "file('s', b'a' * 512, pax={'GNU.sparse.numblocks': '1', "
                + "'GNU.sparse.map': '\(hole),512', 'GNU.sparse.size': '\(hole + 512)'})"
        }
        #expect(try unpack(script(1 << 19), limits(1 << 20)) == nil)
        let error = try unpack(script(1 << 50), limits(1 << 20))
        #expect(error == .tooMuch(.bytes(1 << 20), largest: []))
    }

    @Test(arguments: ["x", "g", "L", "K", "V"])
    func `cannot exhaust the stack with headers before headers`(type: String) throws {
        let script = """
            body = b"11 path=ab\\n" if "\(type)" in "xg" else b"ab"
            for _ in range(\(type == "V" ? 50_000 : 20_000)):
                add("h", b"\(type)", b"" if "\(type)" == "V" else body)
            file("a")
            """
        #expect(try unpack(script, limits(64 << 20)) != nil)
    }

    @Test func `cannot exhaust the memory with one header`() throws {
        let script = "add('h', b'x', b'0' * (48 << 20)); file('a')"
        let error = try unpack(script, limits(64 << 20))
        guard case .damaged? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Nor with a compression in a compression, nor with any other one.
        #expect(try unpack("file('a')", limits(10), filter: "gzip") != nil)
        #expect(try unpack("file('a')", limits(10)) == nil)
    }

    @Test func `is refused when it is cut, empty or no archive`() throws {
        let workplace = try Workplace()
        try TarScript.write("file('a', bytes(range(256)) * 400)", to: workplace["whole"])
        let whole = try Array(Data(contentsOf: URL(filePath: workplace["whole"])))
        for bytes in [Array(whole.dropLast(40)), Array(whole.prefix(20)), [], [1, 2, 3]] {
            try workplace.write("cut", bytes: bytes)
            let error = #expect(throws: BundleError.self) {
                try Unpacking.unpack(
                    archiveAt: workplace["cut"], into: workplace["out"], limits: .code,
                    isReadOnly: false)
            }
            guard case .damaged(let path, _)? = error else {
                Issue.record("\(bytes.count): \(String(describing: error))")
                continue
            }
            #expect(path == workplace["cut"])
            #expect(try workplace.names() == ["cut", "whole"])
        }
        #expect(throws: BundleError.self) {
            try Unpacking.unpack(
                archiveAt: workplace["missing"], into: workplace["out"], limits: .code,
                isReadOnly: false)
        }
    }

    @Test func `with any damaged byte gives an error or a tree, never a trap`() throws {
        let script = "folder('d'); file('d/a', b'y'); link('l', 'd'); file('ü' * 200, b'z')"
        let workplace = try Workplace()
        try TarScript.write(script, to: workplace["bundle"])
        let whole = try Array(Data(contentsOf: URL(filePath: workplace["bundle"])))
        var refused = 0
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x41
            try workplace.write("bundle", bytes: damaged)
            refused += try isRefused(in: workplace) ? 1 : 0
        }
        #expect(refused > whole.count / 2)
        let tar = try TarScript.bytes(of: script)
        refused = 0
        // The headers' fields are what is read; most of the rest is padding.
        let filled = tar.indices.filter { tar[$0] != 0 || $0 % 16 == 0 }
        for index in filled {
            var damaged = tar
            damaged[index] ^= 0x41
            // Otherwise nearly all would be refused for the sum alone.
            writeChecksum(of: index / 512 * 512, in: &damaged)
            try Zstandard.compress(damaged, to: workplace["bundle"])
            refused += try isRefused(in: workplace) ? 1 : 0
        }
        #expect(refused > 100)
        #expect(refused < filled.count)
    }

    private func isRefused(in workplace: borrowing Workplace) throws -> Bool {
        var isRefused = false
        do throws(BundleError) {
            try Unpacking.unpack(
                archiveAt: workplace["bundle"], into: workplace["out"], limits: .code,
                isReadOnly: true)
            try FolderRemoval.remove(workplace["out"])
        } catch {
            isRefused = true
        }
        #expect(try workplace.names() == ["bundle"])
        return isRefused
    }

    /// Mends the sum of a header of POSIX's ustar form: its bytes, with spaces for the sum itself.
    private func writeChecksum(of start: Int, in tar: inout [UInt8]) {
        let sum = start + 148..<start + 156
        tar.replaceSubrange(sum, with: Array("        ".utf8))
        let total = tar[start..<start + 512].reduce(0) { $0 + Int($1) }
        let digits = String(total, radix: 8)
        let text = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
        tar.replaceSubrange(sum, with: Array(text.utf8))
    }

    @Test func `leaves no descriptor open when it fails`() throws {
        let workplace = try Workplace()
        try workplace.write("bad", "no archive")
        func openDescriptors() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        }
        let before = try openDescriptors()
        for _ in 0..<1000 {
            #expect(throws: BundleError.self) {
                try Unpacking.unpack(
                    archiveAt: workplace["bad"], into: workplace["out"], limits: .code,
                    isReadOnly: false)
            }
        }
        // Other tests run meanwhile and have a few open themselves.
        #expect(try openDescriptors() < before + 300)
    }
}
