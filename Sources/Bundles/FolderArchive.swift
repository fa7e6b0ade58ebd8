import Glibc
import Hashing
package import Vocabulary

/// Packs whole folders, such as checkpoints, into files.
package enum FolderArchive {
    /// A folder packed into a file.
    package struct Packed: Hashable, Sendable {
        /// The hash of the file.
        package let digest: Digest
        /// The length of the file in bytes.
        package let archiveByteCount: UInt64
        /// Files, links and folders in it.
        package let fileCount: Int
        /// Bytes of the files in it, unpacked.
        package let byteCount: UInt64
    }

    /// Packs all of `folder`, empty folders too, into a new file at `path`; `Unpacking` reads it.
    ///
    /// Files are copied piece by piece, so that memory does not grow with them. The same folder
    /// gives the same bytes. The file is not synchronized to the disk.
    ///
    /// With an `owner`, all files are to be that user's: by a link of the other kind (link(2)),
    /// somebody who cannot read a file has one who can pack it for them.
    ///
    /// - Throws: `BundleError.unfit` for sockets, pipes, devices, links that could lead out, files
    ///   that change meanwhile and those of another owner; `.tooMuch`; `.system`, also when `path`
    ///   exists. Nothing is left at `path` then, unless it was there before.
    package static func pack(
        _ folder: String, to path: String, limits: BundleLimits, owner: UInt32? = nil
    ) throws(BundleError) -> Packed {
        let handle = try FolderHandle(folder)
        let entries = try FolderWalk().entries(of: handle).sorted { $0.name < $1.name }
        let plan = try TreePlan(entries, limits: limits)
        try write(entries, of: handle, to: path, owner: owner)
        do {
            let file = try Digest.ofFile(path)
            return Packed(
                digest: file.digest, archiveByteCount: file.byteCount, fileCount: plan.fileCount,
                byteCount: plan.byteCount)
        } catch {
            unsafe unlink(path)
            throw .system(operation: "read", path: path, reason: "\(error)")
        }
    }

    /// Writes `entries`, which are sorted, with their content in `folder` to a new file.
    static func write(
        _ entries: [FolderEntry], of folder: borrowing FolderHandle, to path: String,
        owner: UInt32? = nil
    ) throws(BundleError) {
        let writer = try ArchiveWriter(path)
        do throws(BundleError) {
            for entry in entries { try writer.append(entry, from: folder, owner: owner) }
            try writer.finish()
        } catch {
            unsafe unlink(path)
            throw error
        }
    }
}

extension TreePlan {
    /// The plan of a folder that is to be packed.
    ///
    /// - Throws: `BundleError.tooMuch` with what makes the folder large, and what `admit` throws.
    init(_ entries: [FolderEntry], limits: BundleLimits) throws(BundleError) {
        self.init(limits: limits)
        do throws(BundleError) {
            for entry in entries {
                _ = try admit(entry)
                try add(byteCount: entry.byteCount)
            }
        } catch .tooMuch(let excess, _) {
            throw .tooMuch(excess, largest: SizeSurvey(entries, excess: excess).largest)
        }
    }
}
