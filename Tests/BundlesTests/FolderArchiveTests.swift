import Bundles
import Foundation
import Glibc
import Hashing
import Testing
import Vocabulary

@Suite struct `A packed folder` {
    private let limits = BundleLimits(byteCount: 1 << 30, fileCount: 1000)

    private func roundTrip(_ workplace: borrowing Workplace) throws -> FolderArchive.Packed {
        let packed = try FolderArchive.pack(
            workplace["in"], to: workplace["packed"], limits: limits)
        try Unpacking.unpack(
            archiveAt: workplace["packed"], into: workplace["out"], limits: limits,
            isReadOnly: false)
        return packed
    }

    @Test func `comes back as it was, with empty folders, links and odd names`() throws {
        let workplace = try Workplace()
        let long = String(repeating: "n", count: 200)
        let names = [
            "a b", "ä/ö/日本", "e\u{301}", "é", "new\nline", ":(top)", "-rf", "\(long)/\(long)",
        ]
        for name in names { try workplace.write("in/\(name)", "of \(name)") }
        try workplace.folder("in/empty/inner")
        try workplace.write("in/__pycache__/x.pyc")
        try workplace.write("in/.git/config", "", mode: 0o755)
        try workplace.link("in/empty/l", to: "../ä/ö/日本")
        try workplace.link("in/\(long)/l", to: "../\(long)/\(long)")
        let packed = try roundTrip(workplace)
        #expect(try workplace.tree("out") == workplace.tree("in"))
        for name in names { #expect(try workplace.read("out/\(name)") == "of \(name)") }
        #expect(packed.fileCount == 19)
        #expect(packed.byteCount == UInt64(names.map { "of \($0)".utf8.count }.reduce(1, +)))
        let file = try Digest.ofFile(workplace["packed"])
        #expect(packed.digest == file.digest)
        #expect(packed.archiveByteCount == file.byteCount)
    }

    @Test(.enabled(if: getuid() == 0, "only root can give files away"))
    func `holds no file of somebody else than its owner`() throws {
        let workplace = try Workplace()
        try workplace.write("secret", "s")
        try workplace.write("in/own", "o")
        let path = workplace["in/own"]
        try #require(unsafe chown(path, 65_534, 65_534) == 0)
        func pack(_ name: String) throws {
            _ = try FolderArchive.pack(
                workplace["in"], to: workplace[name], limits: limits, owner: 65_534)
        }
        try pack("1")
        try workplace.run(["ln", workplace["secret"], workplace["in/stolen"]])
        let error = #expect(throws: BundleError.self) { try pack("2") }
        #expect(error?.description.contains("stolen") == true)
        // Nothing else is wrong with it.
        _ = try FolderArchive.pack(workplace["in"], to: workplace["3"], limits: limits)
    }

    @Test func `has the same bytes for the same files`() throws {
        let workplace = try Workplace()
        try workplace.write("in/b", "2", mode: 0o600)
        try workplace.write("in/a/c", "1", mode: 0o700)
        try workplace.run(["touch", "-d", "2001-02-03", workplace["in/b"]])
        try workplace.write("other/a/c", "1", mode: 0o755)
        try workplace.write("other/b", "2", mode: 0o664)
        let first = try FolderArchive.pack(workplace["in"], to: workplace["1"], limits: limits)
        let second = try FolderArchive.pack(workplace["other"], to: workplace["2"], limits: limits)
        #expect(first == second)
        try workplace.write("other/b", "3")
        let third = try FolderArchive.pack(workplace["other"], to: workplace["3"], limits: limits)
        #expect(first.digest != third.digest)
        try workplace.write("other/b", "2", mode: 0o755)
        let fourth = try FolderArchive.pack(workplace["other"], to: workplace["4"], limits: limits)
        #expect(first.digest != fourth.digest)
    }

    @Test(arguments: [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3_000_000])
    func `keeps every byte of a large file`(count: Int) throws {
        let workplace = try Workplace()
        var source = RandomSource(seed: 7)
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: source.next()) }
        try workplace.write("in/weights", bytes: bytes)
        let packed = try roundTrip(workplace)
        #expect(try Digest.ofFile(workplace["out/weights"]).digest == Digest.of(bytes))
        #expect(packed.byteCount == UInt64(count))
    }

    @Test func `is no larger than its limits`() throws {
        let workplace = try Workplace()
        try workplace.write("in/a/b", "12345")
        func pack(_ byteCount: UInt64, _ fileCount: Int) throws {
            _ = try FolderArchive.pack(
                workplace["in"], to: workplace["packed"],
                limits: BundleLimits(byteCount: byteCount, fileCount: fileCount))
        }
        #expect(throws: BundleError.tooMuch(.bytes(4), largest: ["a/b (5 bytes)"])) {
            try pack(4, 2)
        }
        #expect(throws: BundleError.tooMuch(.files(1), largest: ["a/b (1 files)"])) {
            try pack(5, 1)
        }
        #expect(try workplace.names() == ["in"])
        try pack(5, 2)
        #expect(try workplace.names() == ["in", "packed"])
    }

    @Test func `has no place for what is no file, nor for links that lead out`() throws {
        let workplace = try Workplace()
        try workplace.write("in/a/b")
        func refusal() throws -> BundleError? {
            let error = #expect(throws: BundleError.self) {
                try FolderArchive.pack(workplace["in"], to: workplace["packed"], limits: limits)
            }
            #expect(try workplace.names() == ["in"])
            return error
        }
        #expect(makePipe(workplace["in/a/pipe"]))
        #expect(try refusal() == .unfit(name: "a/pipe", reason: "it is a named pipe"))
        try workplace.remove("in/a/pipe")
        try makeSocket(workplace["in/a/talk"])
        #expect(try refusal() == .unfit(name: "a/talk", reason: "it is a socket"))
        try workplace.remove("in/a/talk")
        for target in ["/etc/passwd", "../../x", "b/../b", "../in/a/b/../../.."] {
            try workplace.link("in/a/l", to: target)
            #expect(try refusal()?.description.hasPrefix("a/l cannot be in a bundle") == true)
            try workplace.remove("in/a/l")
        }
        try workplace.link("in/a/l", to: "../a/b")
        _ = try roundTrip(workplace)
    }

    @Test func `is never written over another file`() throws {
        let workplace = try Workplace()
        try workplace.write("in/a")
        try workplace.write("packed", "mine")
        #expect(throws: BundleError.self) {
            try FolderArchive.pack(workplace["in"], to: workplace["packed"], limits: limits)
        }
        #expect(try workplace.read("packed") == "mine")
        #expect(throws: BundleError.notFolder(workplace["none"])) {
            try FolderArchive.pack(workplace["none"], to: workplace["p"], limits: limits)
        }
        #expect(throws: BundleError.notFolder(workplace["in/a"])) {
            try FolderArchive.pack(workplace["in/a"], to: workplace["p"], limits: limits)
        }
    }

    @Test func `can be read by others' tools`() throws {
        let workplace = try Workplace()
        try workplace.write("in/ä", "text")
        try workplace.write("in/run", "", mode: 0o755)
        _ = try FolderArchive.pack(workplace["in"], to: workplace["packed"], limits: limits)
        let list = try workplace.run([
            "bash", "-c", "command -v bsdtar > /dev/null || exit 0; bsdtar -tvf \"$0\"",
            workplace["packed"],
        ])
        #expect(list.isEmpty || list.contains("-rwxr-xr-x"))
    }
}
