import Bundles
import Foundation
import Hashing
import Testing
import Vocabulary

@Suite struct `The origin of code` {
    private func repository(_ workplace: borrowing Workplace) throws {
        try workplace.write("code/a.py", "one\n")
        try workplace.write("code/lib/b.py", "two\n")
        try workplace.write("code/.gitignore", "*.log\n")
        try workplace.commitAll()
    }

    @Test func `of a clean folder is a commit and a branch`() throws {
        let workplace = try Workplace()
        try repository(workplace)
        try workplace.write("code/ignored.log")
        try workplace.write("code/__pycache__/a.pyc")
        let origin = try #require(try CodeOrigin.read(workplace["code"]))
        #expect(origin.commit + "\n" == (try workplace.git("rev-parse", "HEAD")))
        #expect(origin.branch == "main")
        #expect(!origin.isDirty)
        #expect(origin.difference == nil)
        try workplace.git("checkout", "--quiet", "--detach")
        let detached = try #require(try CodeOrigin.read(workplace["code"]))
        #expect(detached.branch == nil)
        #expect(detached.commit == origin.commit)
    }

    @Test func `of a changed folder has the difference and its hash`() throws {
        let workplace = try Workplace()
        try repository(workplace)
        try workplace.git("config", "diff.noprefix", "true")
        try workplace.git("config", "color.ui", "always")
        try workplace.git("config", "diff.external", "false")
        try workplace.write("code/a.py", "changed\n")
        try workplace.write("code/lib/b.py", "changed\n")
        try workplace.git("add", "lib/b.py")
        let whole = try #require(try CodeOrigin.read(workplace["code"]))
        let difference = try #require(whole.difference)
        #expect(whole.isDirty)
        #expect(difference.text.hasPrefix("diff --git a/a.py b/a.py\n"))
        #expect(difference.text.contains("\n-one\n+changed\n"))
        #expect(difference.text.contains("a/lib/b.py"))
        #expect(difference.digest == Digest.of(difference.text))
        #expect(difference.byteCount == UInt64(difference.text.utf8.count))
        // Names are relative to the folder, and what is elsewhere does not matter.
        let part = try #require(try CodeOrigin.read(workplace["code/lib"])?.difference)
        #expect(part.text.hasPrefix("diff --git a/b.py b/b.py\n"))
        #expect(!part.text.contains("a.py"))
        try workplace.git("checkout", "--quiet", "HEAD", "lib/b.py")
        #expect(try CodeOrigin.read(workplace["code/lib"])?.isDirty == false)
        #expect(try CodeOrigin.read(workplace["code"])?.isDirty == true)
    }

    @Test func `with a new file is dirty, unless the file is not shipped`() throws {
        let workplace = try Workplace()
        try repository(workplace)
        try workplace.write("code/new.py")
        let origin = try #require(try CodeOrigin.read(workplace["code"]))
        #expect(origin.isDirty)
        #expect(origin.difference == nil)
        try workplace.write("code/.gitignore", "*.log\nnew.py\n.picomlignore\n")
        try workplace.git("commit", "--quiet", "--all", "--message", "second")
        #expect(try CodeOrigin.read(workplace["code"])?.isDirty == false)
        try workplace.write("code/notes")
        #expect(try CodeOrigin.read(workplace["code"])?.isDirty == true)
        try workplace.write("code/.picomlignore", "notes\n")
        #expect(try CodeOrigin.read(workplace["code"])?.isDirty == false)
    }

    @Test func `keeps only the beginning of a long difference but hashes all`() throws {
        let workplace = try Workplace()
        try repository(workplace)
        let lines = String(repeating: "a line of some length\n", count: 60_000)
        try workplace.write("code/a.py", lines + "1")
        let first = try #require(try CodeOrigin.read(workplace["code"])?.difference)
        try workplace.write("code/a.py", lines + "2")
        let second = try #require(try CodeOrigin.read(workplace["code"])?.difference)
        #expect(first.text.utf8.count == CodeOrigin.Difference.longestText)
        #expect(first.byteCount > UInt64(first.text.utf8.count))
        #expect(first.digest != second.digest)
        #expect(first.byteCount == second.byteCount)
    }

    @Test func `is nothing without a commit, a repository or git`() throws {
        let workplace = try Workplace()
        try workplace.write("code/a.py")
        #expect(try CodeOrigin.read(workplace["code"]) == nil)
        try workplace.git("init", "--quiet")
        #expect(try CodeOrigin.read(workplace["code"]) == nil)
        try workplace.commitAll()
        #expect(try CodeOrigin.read(workplace["code"]) != nil)
        #expect(try CodeOrigin.read(workplace["code"], git: "/nowhere/git") == nil)
        #expect(throws: BundleError.notFolder(workplace["none"])) {
            try CodeOrigin.read(workplace["none"])
        }
    }

    @Test func `survives its JSON form`() throws {
        let workplace = try Workplace()
        try repository(workplace)
        try workplace.write("code/a.py", "ä\n")
        let origin = try #require(try CodeOrigin.read(workplace["code"]))
        let copy = try JSONDecoder().decode(CodeOrigin.self, from: JSONEncoder().encode(origin))
        #expect(copy == origin)
    }
}
