import Bundles
import Foundation
import Testing

/// An archive that must not be unpacked, and one almost like it that may.
struct Attack: Sendable, CustomTestStringConvertible {
    var script: String
    var reason: String
    var harmless: String

    var testDescription: String { script }

    static let names: [Attack] = [
        Attack(script: "file('/tmp/x')", reason: "absolute", harmless: "file('tmp/x')"),
        Attack(script: "file('../x')", reason: "leads out", harmless: "file('..x')"),
        Attack(script: "file('a/../../x')", reason: "leads out", harmless: "file('a/..b/x..')"),
        Attack(script: "file('a/../x')", reason: "leads out", harmless: "file('a/x')"),
        Attack(script: "folder('..')", reason: "leads out", harmless: "folder('...')"),
        Attack(script: "file('a//x')", reason: "empty part", harmless: "file('a/x')"),
        Attack(script: "file('./x')", reason: "empty part", harmless: "file('.x')"),
        Attack(
            script: "file('b' * 256)", reason: "longer than 255", harmless: "file('b' * 255)"),
        Attack(
            script: "file('b/' * 600 + 'c')", reason: "longer than 1024",
            harmless: "file('b/' * 511 + 'c')"),
        Attack(
            script: "file('b\\udcff')", reason: "not UTF-8", harmless: "file('b\\u00ff')"),
        Attack(
            script: "file('a'); file('b'); file('a')", reason: "there twice",
            harmless: "file('a'); file('b'); file('c')"),
        Attack(
            script: "folder('a'); folder('a')", reason: "there twice",
            harmless: "file('a/b'); folder('a')"),
        Attack(
            script: "file('a'); folder('a')", reason: "there twice",
            harmless: "file('a'); folder('b')"),
        Attack(
            script: "file('a'); file('a/b')", reason: "a is no folder",
            harmless: "folder('a'); file('a/b')"),
    ]

    static let links: [Attack] = [
        Attack(
            script: "link('l', '/etc/passwd')", reason: "lead out", harmless: "link('l', 'etc')"),
        Attack(script: "link('l', '../x')", reason: "lead out", harmless: "link('l', 'x')"),
        Attack(
            script: "link('a/l', '../../x')", reason: "lead out", harmless: "link('a/l', '../x')"),
        Attack(
            script: "link('a/l', './.././../x')", reason: "lead out",
            harmless: "link('a/l', './.././x')"),
        Attack(script: "link('l', 'a/../../x')", reason: "lead out", harmless: "link('l', 'a/x')"),
        // Climbing after a descent through another link, which is at the top by then.
        Attack(
            script: "link('x/y/l', '../..'); link('m', 'x/y/l/../..')", reason: "lead out",
            harmless: "link('x/y/l', '../..'); link('m', 'x/y/l/x')"),
        Attack(
            script: "link('l', 'a' * 1025)", reason: "lead out",
            harmless: "link('l', 'a' * 1024)"),
        Attack(
            script: "folder('d'); link('l', 'd'); file('l/x')", reason: "l is no folder",
            harmless: "folder('d'); link('l', 'd'); file('d/x')"),
        Attack(
            script: "file('l/x'); link('l', 'd')", reason: "there twice",
            harmless: "file('l/x'); link('m', 'd')"),
        Attack(
            script: "link('l', 'd'); file('l')", reason: "there twice",
            harmless: "link('l', 'd'); file('d')"),
        Attack(
            script: "link('l', 'd'); folder('l')", reason: "there twice",
            harmless: "link('l', 'd'); folder('d')"),
    ]

    static let kinds: [Attack] = [
        Attack(
            script: "file('a'); add('b', tarfile.LNKTYPE, target='a')", reason: "hard link",
            harmless: "file('a'); link('b', 'a')"),
        Attack(
            script: "add('b', tarfile.LNKTYPE, target='/etc/passwd')", reason: "hard link",
            harmless: "link('b', 'passwd')"),
        Attack(
            script: "add('c', tarfile.CHRTYPE)", reason: "no file, folder", harmless: "file('c')"),
        Attack(
            script: "add('c', tarfile.BLKTYPE)", reason: "no file, folder", harmless: "file('c')"),
        Attack(
            script: "add('c', tarfile.FIFOTYPE)", reason: "no file, folder", harmless: "file('c')"),
        Attack(
            script: "file('s', mode=0o4755)", reason: "setuid", harmless: "file('s', mode=0o755)"),
        Attack(
            script: "file('s', mode=0o2755)", reason: "setuid", harmless: "file('s', mode=0o777)"),
        Attack(
            script: "folder('s', mode=0o1777)", reason: "setuid", harmless: "folder('s', 0o777)"),
    ]
}

@Suite struct `Unpacking a stranger's archive` {
    private let limits = BundleLimits(byteCount: 1 << 20, fileCount: 1000)

    @Test(arguments: Attack.names + Attack.links + Attack.kinds)
    func `refuses and leaves nothing behind`(_ attack: Attack) throws {
        let workplace = try Workplace()
        try TarScript.write("file('first')\n" + attack.script, to: workplace["bad"])
        let error = #expect(throws: BundleError.self) {
            try Unpacking.unpack(
                archiveAt: workplace["bad"], into: workplace["out"], limits: limits,
                isReadOnly: true)
        }
        guard case .unfit(_, let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(attack.reason), "\(reason)")
        #expect(try workplace.names() == ["bad"])
    }

    @Test(arguments: Attack.names + Attack.links + Attack.kinds)
    func `unpacks what is almost the same and harmless`(_ attack: Attack) throws {
        let workplace = try Workplace()
        try TarScript.write("file('first')\n" + attack.harmless, to: workplace["good"])
        try Unpacking.unpack(
            archiveAt: workplace["good"], into: workplace["out"], limits: limits,
            isReadOnly: true)
        #expect(try workplace.names() == ["good", "out"])
        #expect(try workplace.tree("out").count > 1)
    }

    @Test func `never shows a terminal's commands in an error`() throws {
        let workplace = try Workplace()
        try TarScript.write("file('/a\\x1b[2J\\u202eb')", to: workplace["bad"])
        let error = #expect(throws: BundleError.self) {
            try Unpacking.unpack(
                archiveAt: workplace["bad"], into: workplace["out"], limits: limits,
                isReadOnly: true)
        }
        #expect(error?.description.hasPrefix("/a?[2J?b cannot be in a bundle") == true)
    }
}
