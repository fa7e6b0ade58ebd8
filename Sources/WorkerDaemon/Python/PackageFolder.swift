import FoundationEssentials
import Glibc
import Hashing
import Vocabulary
import python

/// The Python package `picoml` on this host's disk, where interpreters find it.
enum PackageFolder {
    /// Writes the package below `folder`, unless it is there.
    ///
    /// - Returns: The folder to import it from; another version of it has another one.
    static func place(in folder: String) throws(WorkerError) -> String {
        var hasher = SHA256()
        for file in PythonPackage.files {
            hasher.update(Array(file.name.utf8))
            hasher.update(file.content)
        }
        let path = "\(folder)/package-\(hasher.finalize().description.prefix(16))"
        guard unsafe access(path, F_OK) != 0 else { return path }
        let fresh = path + ".new"
        do {
            let package = fresh + "/" + PythonPackage.name
            try FileManager.default.createDirectory(
                atPath: package, withIntermediateDirectories: true)
            for file in PythonPackage.files {
                try Data(file.content).write(to: URL(filePath: package + "/" + file.name))
            }
        } catch {
            throw WorkerError("cannot write the Python package to \(fresh): \(error)")
        }
        guard unsafe rename(fresh, path) == 0 else { throw .system("rename", fresh) }
        return path
    }
}
