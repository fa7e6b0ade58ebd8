import CLinux
import Glibc

/// A socket in a folder to which one program connects: the channel of a command to which no
/// descriptor can be given.
enum ChannelSocket {
    /// Its name in the folder.
    static let name = "socket"

    /// Listens in `folder`, which is made; the descriptor does not wait.
    static func listen(in folder: String) throws(TrialEnd) -> Int32 {
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw .system("make the folder \(folder)")
        }
        let place = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard place >= 0 else { throw .system("open the folder \(folder)") }
        defer { close(place) }
        // The address of a socket has room for 107 bytes; the folder's own path may be longer.
        let descriptor = unsafe picoml_listen("/proc/self/fd/\(place)/\(name)")
        guard descriptor >= 0 else { throw .system("listen in \(folder)") }
        return descriptor
    }

    /// The connection of the program; nil while there is none.
    static func accept(_ listener: Int32) -> Int32? {
        let connection = picoml_accept(listener)
        return connection >= 0 ? connection : nil
    }
}
