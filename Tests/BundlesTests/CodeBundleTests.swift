import Bundles
import Foundation
import Hashing
import Testing
import Vocabulary

/// What the bundle of a code folder is like.
@Suite struct `A code bundle` {
    private func refusal(
        _ workplace: borrowing Workplace, _ limits: BundleLimits = .code
    ) -> BundleError? {
        #expect(throws: BundleError.self) { try CodeFolder.pack(workplace["code"], limits: limits) }
    }

    @Test func `comes back on a worker`() throws {
        let workplace = try Workplace()
        try workplace.write("code/train.py", "print()", mode: 0o600)
        try workplace.write("code/tools/run.sh", "#!/bin/sh", mode: 0o700)
        try workplace.write("code/köche/é")
        try workplace.write("code/köche/e\u{301}")
        try workplace.link("code/köche/l", to: "../tools/run.sh")
        try workplace.link("code/folder", to: "tools")
        let bundle = try CodeFolder.pack(workplace["code"])
        #expect(bundle.digest == Digest.of(bundle.bytes))
        #expect(bundle.fileCount == 6)
        #expect(bundle.byteCount == 18)
        #expect(bundle.warnings.isEmpty)
        try workplace.write("bundle", bytes: bundle.bytes)
        try Unpacking.unpack(
            archiveAt: workplace["bundle"], into: workplace["out"], limits: .code,
            isReadOnly: true)
        #expect(
            try workplace.tree("out").map { Array($0.utf8) }
                == [
                    "d 555 köche", "d 555 tools", "f 444 köche/e\u{301}", "f 444 köche/é",
                    "f 444 train.py", "f 555 tools/run.sh", "l folder > tools",
                    "l köche/l > ../tools/run.sh",
                ].map { Array($0.utf8) })
        #expect(try workplace.read("out/train.py") == "print()")
    }

    @Test func `has the same hash wherever and whenever it is packed`() throws {
        let workplace = try Workplace()
        try workplace.write("code/a.py", "1")
        try workplace.write("code/lib/b.py", "2")
        let first = try CodeFolder.pack(workplace["code"])
        try workplace.write("copy/lib/b.py", "2", mode: 0o600)
        try workplace.write("copy/a.py", "1")
        try workplace.run(["touch", "-d", "2001-02-03", workplace["copy/a.py"]])
        try workplace.commitAll(in: "copy")
        let second = try CodeFolder.pack(workplace["copy"] + "/")
        #expect(first.bytes == second.bytes)
        #expect(first.digest == second.digest)
        try workplace.write("copy/a.py", "3")
        #expect(try CodeFolder.pack(workplace["copy"]).digest != first.digest)
    }

    @Test(arguments: [true, false])
    func `has no place for sockets and pipes, unless they are ignored`(isRepository: Bool) throws {
        let workplace = try Workplace()
        try workplace.write("code/lib/a.py")
        if isRepository { try workplace.commitAll() }
        #expect(makePipe(workplace["code/lib/pipe"]))
        #expect(refusal(workplace) == .unfit(name: "lib/pipe", reason: "it is a named pipe"))
        try workplace.write("code/.gitignore", "pipe\n")
        _ = try CodeFolder.pack(workplace["code"])
        try makeSocket(workplace["code/talk"])
        #expect(refusal(workplace) == .unfit(name: "talk", reason: "it is a socket"))
        try workplace.write("code/.picomlignore", "talk\n")
        #expect(
            try CodeFolder.pack(workplace["code"]).names
                == [".gitignore", ".picomlignore", "lib/a.py"])
    }

    @Test(arguments: ["/etc/passwd", "../outside", "lib/../../outside", "lib/../a.py"])
    func `has no place for links that could lead out`(target: String) throws {
        let workplace = try Workplace()
        try workplace.write("outside")
        try workplace.write("code/a.py")
        try workplace.write("code/lib/b.py")
        try workplace.link("code/away", to: target)
        guard case .unfit(let name, _)? = refusal(workplace) else {
            Issue.record("the link was not refused")
            return
        }
        #expect(name == "away")
        try workplace.remove("code/away")
        try workplace.link("code/lib/near", to: "../a.py")
        #expect(try CodeFolder.pack(workplace["code"]).names == ["a.py", "lib/b.py", "lib/near"])
    }

    @Test func `warns of links to what is not shipped`() throws {
        let workplace = try Workplace()
        try workplace.write("code/.gitignore", "data\n")
        try workplace.write("code/data/x")
        try workplace.write("code/lib/a")
        try workplace.link("code/lib/l", to: "../data/x")
        try workplace.link("code/lib/here", to: "..")
        try workplace.link("code/lib/through", to: "here/lib/a")
        try workplace.link("code/lib/folder", to: "../lib")
        #expect(
            try CodeFolder.pack(workplace["code"]).warnings
                == ["the link lib/l leads to ../data/x, which is not in the bundle"])
    }

    @Test func `too large says what is, and what to do`() throws {
        let workplace = try Workplace()
        let sizes = [
            ("data/raw/big.csv", 3000), ("data/small.csv", 200), ("notes.txt", 900),
            ("plots/1", 400), ("plots/2", 410), ("a", 30), ("b", 20), ("c", 10),
        ]
        for (name, size) in sizes {
            try workplace.write("code/\(name)", bytes: [UInt8](repeating: 65, count: size))
        }
        let error = refusal(workplace, BundleLimits(byteCount: 4969, fileCount: 100))
        #expect(
            error
                == .tooMuchCode(
                    .bytes(4969),
                    largest: [
                        "data/raw/big.csv (2.9 KiB)", "notes.txt (900 bytes)",
                        "plots/2 (410 bytes)", "a (30 bytes)", "b (20 bytes)",
                    ]))
        #expect(error?.description.contains(".picomlignore") == true)
        #expect(error?.description.contains("data/raw/big.csv") == true)
        let limits = BundleLimits(byteCount: 4970, fileCount: 11)
        #expect(try CodeFolder.pack(workplace["code"], limits: limits).byteCount == 4970)
        let many = refusal(workplace, BundleLimits(byteCount: 4970, fileCount: 10))
        guard case .tooMuchCode(.files(10), let largest)? = many else {
            Issue.record("\(String(describing: many))")
            return
        }
        #expect(largest.first == "data/ (2 files)")
        #expect(largest.contains("plots/ (2 files)"))
    }

    @Test func `is refused without files, and by names that are no UTF-8`() throws {
        let workplace = try Workplace()
        #expect(refusal(workplace) == .notFolder(workplace["code"]))
        try workplace.folder("code")
        #expect(refusal(workplace) == .empty(folder: workplace["code"]))
        try workplace.write("code/.gitignore", "*\n")
        #expect(refusal(workplace) == .empty(folder: workplace["code"]))
        try workplace.remove("code/.gitignore")
        try workplace.run(["bash", "-c", "touch \"$0\"/$'a\\xff'", workplace["code"]])
        #expect(
            refusal(workplace) == .unfit(name: "a\u{FFFD}", reason: "its name is not UTF-8"))
    }
}
