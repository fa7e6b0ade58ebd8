import Bundles
import Hashing
package import Vocabulary

/// A code directory, packed for workers as it is now.
package struct PreparedCode: Sendable {
    /// The directory as the person named it.
    package let folder: String
    /// The archive.
    package let bytes: [UInt8]
    /// What tracked files differ in from the commit; nil when they do not.
    package let difference: [UInt8]?
    /// What the coordinator is told of it.
    package let bundle: CodeBundle
    /// Files in it.
    package let fileCount: Int
    /// What looks unintended, in sentences.
    package let warnings: [String]

    /// Packs `folder`.
    ///
    /// - Throws: An error that names the file that cannot be shipped, or what is too large.
    package init(_ folder: String) throws(ClientError) {
        do throws(BundleError) {
            let packed = try CodeFolder.pack(folder)
            let origin = try CodeOrigin.read(folder)
            self.folder = folder
            bytes = packed.bytes
            fileCount = packed.fileCount
            warnings = packed.warnings
            let difference = origin?.difference.map { Array($0.text.utf8) }
            self.difference = difference
            bundle = CodeBundle(
                digest: packed.digest, byteCount: UInt64(packed.bytes.count),
                commit: origin?.commit, branch: origin?.branch, isDirty: origin?.isDirty ?? false,
                difference: difference.map { Digest.of($0) })
        } catch {
            throw ClientError(.badInput, "The code in \(folder) cannot be packed: \(error)")
        }
    }
}
