import Bundles
import Foundation
import Hashing
import Testing
import Vocabulary

/// What of a folder is shipped, inside and outside of a repository.
@Suite struct `A code folder` {
    /// Packs the folder `name` and returns the names in the bundle.
    private func shipped(
        _ workplace: borrowing Workplace, _ name: String = "code"
    ) throws -> [String] { try CodeFolder.pack(workplace[name]).names }

    private func refusal(
        _ workplace: borrowing Workplace, _ limits: BundleLimits = .code, git: String = "git"
    ) -> BundleError? {
        #expect(throws: BundleError.self) {
            try CodeFolder.pack(workplace["code"], limits: limits, git: git)
        }
    }

    @Test(arguments: [true, false])
    func `leaves out what ignore files in any folder name`(isRepository: Bool) throws {
        let workplace = try Workplace()
        try workplace.write("code/train.py")
        try workplace.write("code/.gitignore", "*.log\n/out/\n")
        try workplace.write("code/a.log")
        try workplace.write("code/out/x")
        try workplace.write("code/lib/out/y")
        try workplace.write("code/lib/.gitignore", "!kept.log\nsecret\n")
        try workplace.write("code/lib/kept.log")
        try workplace.write("code/lib/secret")
        try workplace.write("code/secret")
        try workplace.folder("code/empty")
        if isRepository { try workplace.git("init", "--quiet") }
        #expect(
            try shipped(workplace) == [
                ".gitignore", "lib/.gitignore", "lib/kept.log", "lib/out/y", "secret", "train.py",
            ])
        try workplace.remove("code/.gitignore")
        #expect(try shipped(workplace).contains("a.log"))
    }

    @Test func `ships tracked files that are ignored and new ones that are not`() throws {
        let workplace = try Workplace()
        try workplace.write("code/.gitignore", "*.bin\n")
        try workplace.write("code/tracked.bin")
        try workplace.write("code/gone.py")
        try workplace.git("init", "--quiet")
        try workplace.git("add", "--force", ".")
        try workplace.git("commit", "--quiet", "--message", "first")
        try workplace.write("code/other.bin")
        try workplace.write("code/hidden.txt")
        try workplace.write("code/new.py")
        try workplace.remove("code/gone.py")
        try workplace.write("code/.git/info/exclude", "hidden.txt\n")
        #expect(try shipped(workplace) == [".gitignore", "new.py", "tracked.bin"])
    }

    @Test(arguments: [true, false])
    func `leaves out what .picomlignore names, tracked or not`(isRepository: Bool) throws {
        let workplace = try Workplace()
        for name in ["a.py", "data/big.csv", "data/keep.csv", "lib/data/x", ":(odd)", "tests/t"] {
            try workplace.write("code/\(name)")
        }
        if isRepository { try workplace.commitAll() }
        try workplace.write("code/tests/new")
        try workplace.write(
            "code/.picomlignore", "# not needed\n/data/*\n!/data/keep.csv\ntests/\n:(odd)\n")
        #expect(
            try shipped(workplace) == [".picomlignore", "a.py", "data/keep.csv", "lib/data/x"])
        try workplace.remove("code/.picomlignore")
        #expect(try shipped(workplace).count == 7)
    }

    @Test func `asks the ignore file at its own top only`() throws {
        let workplace = try Workplace()
        try workplace.write("code/.picomlignore", "b\n")
        try workplace.write("code/part/.picomlignore", "a\n")
        try workplace.write("code/part/a")
        try workplace.write("code/part/b")
        try workplace.commitAll()
        #expect(try shipped(workplace) == [".picomlignore", "part/.picomlignore", "part/a"])
        #expect(try shipped(workplace, "code/part") == [".picomlignore", "b"])
    }

    @Test(arguments: [true, false])
    func `never ships caches and environments`(isRepository: Bool) throws {
        let workplace = try Workplace()
        let left = [
            "__pycache__/a", "lib/__pycache__/a", "a.pyc", "lib/b.pyc", ".picoml/a", ".venv/a",
            "venv/a", "lib/node_modules/a", ".ipynb_checkpoints/a", ".DS_Store",
        ]
        let kept = ["a.pyco", "environment/a", "lib/pycache/a", "venv2/a"]
        for name in left + kept { try workplace.write("code/\(name)") }
        if isRepository { try workplace.commitAll() }
        #expect(try shipped(workplace) == kept)
        #expect(
            try isRepository || CodeFolder.pack(workplace["code"], git: "/no/git").names == kept)
    }

    @Test func `includes submodules and repositories inside it`() throws {
        let workplace = try Workplace()
        try workplace.write("library/module.py")
        try workplace.write("library/.gitignore", "*.o\n")
        try workplace.commitAll(in: "library")
        try workplace.write("code/a.py")
        try workplace.commitAll()
        try workplace.git("submodule", "--quiet", "add", workplace["library"], "sub")
        try workplace.git("clone", "--quiet", workplace["library"], "nested")
        try workplace.write("code/sub/b.o")
        try workplace.write("code/nested/b.o")
        try workplace.write("code/nested/b.py")
        try workplace.write("code/.picomlignore", "nested/module.py\n")
        #expect(
            try shipped(workplace) == [
                ".gitmodules", ".picomlignore", "a.py", "nested/.gitignore", "nested/b.py",
                "sub/.gitignore", "sub/module.py",
            ])
    }

    @Test func `that is a part of a repository obeys all of it`() throws {
        let workplace = try Workplace()
        try workplace.write("repo/.gitignore", "*.log\n")
        try workplace.write("repo/code/a.log")
        try workplace.write("repo/code/a.py")
        try workplace.write("repo/elsewhere.py")
        try workplace.git("init", "--quiet", in: "repo")
        #expect(try shipped(workplace, "repo/code") == ["a.py"])
        try workplace.link("way", to: "repo/code")
        #expect(try shipped(workplace, "way") == ["a.py"])
    }

    @Test func `needs git only where there is something to ignore`() throws {
        let workplace = try Workplace()
        try workplace.write("code/a.py")
        try workplace.write("code/lib/b.py")
        let path = workplace["code"]
        let plain = try CodeFolder.pack(path, git: "/nowhere/git")
        #expect(plain.names == ["a.py", "lib/b.py"])
        #expect(try plain.digest == CodeFolder.pack(path).digest)
        for name in ["code/.picomlignore", "code/lib/.gitignore", "code/.git", ".git"] {
            try workplace.write(name)
            #expect(refusal(workplace, git: "/nowhere/git") == .missingGit(folder: path))
            try workplace.remove(name)
        }
        #expect(BundleError.missingGit(folder: path).description.contains("install git"))
        #expect(try CodeFolder.pack(path, git: "/nowhere/git").names == plain.names)
    }

    @Test func `of a broken repository is not taken for a plain folder`() throws {
        let workplace = try Workplace()
        try workplace.write("code/a.py")
        try workplace.commitAll()
        try workplace.write("code/.git/index", "broken")
        guard case .git? = refusal(workplace) else {
            Issue.record("not refused by git")
            return
        }
    }
}
