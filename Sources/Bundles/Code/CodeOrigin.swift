import Hashing
package import Vocabulary

/// Where a code folder stands in its git repository.
package struct CodeOrigin: Hashable, Sendable, Codable {
    /// What tracked files differ in from the commit.
    package struct Difference: Hashable, Sendable, Codable {
        /// The most bytes of text that are kept.
        package static let longestText = 1 << 20

        /// The hash of the whole difference.
        package let digest: Digest
        /// The length of the whole difference in bytes.
        package let byteCount: UInt64
        /// Its first mebibyte as `git diff` prints it, with names relative to the folder.
        package let text: String
    }

    /// The commit that is checked out, as lower-case hexadecimal digits.
    package let commit: String
    /// The branch; nil when none is checked out.
    package let branch: String?
    /// Whether the folder holds something else than the commit does: changed tracked files or
    /// files that are neither tracked nor ignored.
    package let isDirty: Bool
    /// The changes of tracked files in the folder; nil when there are none.
    package let difference: Difference?

    /// Asks git about `folder`.
    ///
    /// - Parameters:
    ///   - folder: The path of a folder in the repository or at its top.
    ///   - git: git's path, or its name in `PATH`.
    /// - Returns: nil outside of repositories, before the first commit and without git.
    /// - Throws: `BundleError.git` when git finds the repository but cannot read it.
    package static func read(
        _ folder: String, git: String = "git"
    ) throws(BundleError) -> CodeOrigin? {
        let folder = try CodeFolder.absolute(folder)
        let git = try Git(program: git)
        guard try git.isRepository(folder) == true else { return nil }
        let head = try git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], in: folder)
        guard let head, head.status == 0 else { return nil }
        let branch = try git.output(
            ["symbolic-ref", "--quiet", "--short", "HEAD"], in: folder, statuses: [0, 1])
        let difference = try difference(in: folder, git: git)
        let hasNewFiles = try CodeListing(folder: folder).hasUntracked(
            in: FolderHandle(folder), git: git)
        return CodeOrigin(
            commit: line(head.output), branch: branch.isEmpty ? nil : line(branch),
            isDirty: difference != nil || hasNewFiles, difference: difference)
    }

    private static func difference(
        in folder: String, git: borrowing Git
    ) throws(BundleError) -> Difference? {
        // As everyone's git prints it, whatever a person's configuration says.
        let arguments = [
            "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/",
            "--dst-prefix=b/", "--relative", "HEAD", "--",
        ]
        let text = try git.output(arguments, in: folder, outputLimit: Difference.longestText)
        guard !text.isEmpty else { return nil }
        do {
            let whole = try Digest.ofFile(git.outputPath)
            return Difference(
                digest: whole.digest, byteCount: whole.byteCount,
                text: String(decoding: text, as: UTF8.self))
        } catch {
            throw .system(operation: "read", path: git.outputPath, reason: "\(error)")
        }
    }

    private static func line(_ output: [UInt8]) -> String {
        String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

extension CodeListing {
    /// Whether a file would be shipped that the repository of the folder does not track.
    func hasUntracked(
        in handle: borrowing FolderHandle, git: borrowing Git
    ) throws(BundleError) -> Bool {
        let arguments = ["ls-files", "-z", "--others", "--exclude-standard"]
        let patterns = LeftOut.patterns.map { "--exclude=\($0)" }
        var names: [EntryName] = []
        for name in Git.names(try git.output(arguments + patterns, in: folder)) {
            names.append(try EntryName(name.last == EntryName.separator ? name.dropLast() : name))
        }
        return try !keptByIgnoreFile(names, of: handle, git: git).isEmpty
    }
}
