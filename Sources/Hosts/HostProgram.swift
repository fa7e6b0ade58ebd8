import Glibc
import Hashing
package import Vocabulary

/// The program that hosts are to run.
package struct HostProgram: Hashable, Sendable {
    /// Where it is on this host.
    package var path: String
    /// Its length.
    package var byteCount: UInt64
    /// Its content's name.
    package var digest: Digest
    /// The architecture that it is for, as the kernel calls it.
    package var machine: String

    /// Describes a program; see the properties.
    package init(path: String, byteCount: UInt64, digest: Digest, machine: String) {
        self.path = path
        self.byteCount = byteCount
        self.digest = digest
        self.machine = machine
    }

    /// Reads the program at `path`.
    ///
    /// - Throws: `HostProblem` when it is none.
    package init(reading path: String) throws(HostProblem) {
        guard let machine = Self.machine(of: path) else {
            throw HostProblem(
                "\(path) is no program for Linux.",
                fix: "Give --binary the `picoml` of a package.")
        }
        do throws(HashingError) {
            let (digest, byteCount) = try Digest.ofFile(path)
            self.init(path: path, byteCount: byteCount, digest: digest, machine: machine)
        } catch {
            throw HostProblem("\(path) cannot be read: \(error).")
        }
    }

    /// What stands in the header of an ELF file (System V ABI, `e_machine`); nil for another file.
    static func machine(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 20)
        guard unsafe read(descriptor, &header, header.count) == header.count,
            header.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        else { return nil }
        // The sixth byte says which end of a number comes first.
        let isLittle = header[5] == 1
        let number = isLittle ? (header[18], header[19]) : (header[19], header[18])
        switch UInt16(number.0) | UInt16(number.1) << 8 {
        case 0x3E: return "x86_64"
        case 0xB7: return "aarch64"
        case let other: return "machine \(other)"
        }
    }
}
