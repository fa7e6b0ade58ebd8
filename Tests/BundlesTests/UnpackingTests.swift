import Bundles
import Foundation
import Testing

@Suite struct `An unpacked folder` {
    @Test(arguments: [
        (true, ["d 555 d", "d 555 d/e", "f 444 d/a", "f 555 d/e/run", "l d/l > e/run"]),
        (false, ["d 755 d", "d 755 d/e", "f 644 d/a", "f 755 d/e/run", "l d/l > e/run"]),
    ])
    func `has plain modes`(isReadOnly: Bool, expected: [String]) throws {
        let workplace = try Workplace()
        try TarScript.write(
            "file('d/a', b'hello', mode=0o640); file('d/e/run', mode=0o700); link('d/l', 'e/run')",
            to: workplace["bundle"])
        try Unpacking.unpack(
            archiveAt: workplace["bundle"], into: workplace["out"], limits: .code,
            isReadOnly: isReadOnly)
        #expect(try workplace.tree("out") == expected)
        #expect(try workplace.read("out/d/a") == "hello")
        let top = try workplace.tree("").first { $0.hasSuffix(" out") }
        #expect(top == (isReadOnly ? "d 555 out" : "d 755 out"))
    }

    @Test(arguments: ["out", "out/"]) func `never replaces what is there`(name: String) throws {
        let workplace = try Workplace()
        try TarScript.write("file('a')", to: workplace["bundle"])
        func unpack() throws {
            try Unpacking.unpack(
                archiveAt: workplace["bundle"], into: workplace[name], limits: .code,
                isReadOnly: true)
        }
        try workplace.folder("out")
        #expect(throws: BundleError.alreadyExists(workplace["out"])) { try unpack() }
        try workplace.remove("out")
        try workplace.link("out", to: "elsewhere")
        #expect(throws: BundleError.alreadyExists(workplace["out"])) { try unpack() }
        try workplace.remove("out")
        try unpack()
        #expect(throws: BundleError.alreadyExists(workplace["out"])) { try unpack() }
        #expect(try workplace.names() == ["bundle", "out"])
    }

    @Test func `can be empty`() throws {
        let workplace = try Workplace()
        try TarScript.write("", to: workplace["bundle"])
        try Unpacking.unpack(
            archiveAt: workplace["bundle"], into: workplace["out"], limits: .code,
            isReadOnly: false)
        #expect(try workplace.tree("out").isEmpty)
    }

    @Test func `is made by one of many at once`() async throws {
        let workplace = try Workplace()
        try TarScript.write(
            "for n in range(50): file(f'd/{n}', bytes(1000))", to: workplace["bundle"])
        let (bundle, out) = (workplace["bundle"], workplace["out"])
        let outcomes = await withTaskGroup(of: BundleError?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do throws(BundleError) {
                        try Unpacking.unpack(
                            archiveAt: bundle, into: out, limits: .code, isReadOnly: true)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .alreadyExists(out) } == 5)
        #expect(try workplace.tree("out").count == 51)
        #expect(try workplace.names() == ["bundle", "out"])
    }

    @Test func `is removed with read-only folders, without following links`() throws {
        let workplace = try Workplace()
        try workplace.write("outside/kept")
        try TarScript.write("file('d/e/a'); link('l', 'd')", to: workplace["bundle"])
        try Unpacking.unpack(
            archiveAt: workplace["bundle"], into: workplace["out"], limits: .code,
            isReadOnly: true)
        try workplace.run(["chmod", "755", workplace["out"]])
        try workplace.link("out/away", to: "../outside")
        try FolderRemoval.remove(workplace["out"])
        try FolderRemoval.remove(workplace["out"])
        #expect(try workplace.names() == ["bundle", "outside"])
        #expect(try workplace.names(in: "outside") == ["kept"])
        try workplace.link("link", to: "outside")
        #expect(throws: BundleError.notFolder(workplace["link"])) {
            try FolderRemoval.remove(workplace["link"])
        }
        #expect(try workplace.names(in: "outside") == ["kept"])
    }
}
