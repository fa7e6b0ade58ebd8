import Foundation
import Testing

/// An image made of this host's own Python and shell, for the podman of this host.
enum ContainerImage {
    /// Its name; `localhost` keeps podman from asking registries.
    static let name = "localhost/picoml-test"

    /// Whether podman runs containers for this user.
    static let isPossible: Bool = {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/podman"),
            FileManager.default.isExecutableFile(atPath: "/usr/sbin/runc")
        else { return false }
        return (try? run("\(engine("run")) --rm \(name) true || { \(making); }")) != nil
    }()

    // runc and no limits of podman's own: the host of the tests may itself be a container.
    private static func engine(_ command: String) -> String {
        let limits = command == "run" ? " --ulimit nofile=1024:1024 --ulimit nproc=4096:4096" : ""
        return "/usr/bin/podman --runtime runc --cgroup-manager cgroupfs \(command)\(limits)"
    }

    // A tree with the programs and every library that they load.
    private static let making = """
        set -e
        tree=$(mktemp -d)
        trap 'rm -rf "$tree"' EXIT
        python=$(readlink -f /usr/bin/python3)
        mkdir -p "$tree/bin" "$tree/usr/bin" "$tree/etc" "$tree/tmp" "$tree/usr/lib"
        echo 'the image' > "$tree/etc/picoml-test-image"
        cp "$python" "$tree/usr/bin/python3"
        cp -r "/usr/lib/$(basename "$python")" "$tree/usr/lib/"
        for program in sh cat sleep true; do
            cp "$(readlink -f "/bin/$program")" "$tree/bin/$program"
        done
        for file in "$tree"/usr/bin/* "$tree"/bin/* "$tree"/usr/lib/python3*/lib-dynload/*.so; do
            ldd "$file" 2>/dev/null | grep -oE '/[^ ]+' || true
        done | sort -u | while read -r library; do
            mkdir -p "$tree$(dirname "$library")"
            cp -L "$library" "$tree$library"
        done
        tar -C "$tree" -c . | \(engine("import")) - \(name) >/dev/null
        \(engine("run")) --rm \(name) true
        """

    /// Puts a `podman` before the host's own into the path of the cluster's processes; it takes
    /// `delay` seconds longer to end and remove containers, or does not and says that it did.
    static func prepare(in cluster: Cluster, delay: Int = 0, lies: Bool = false) throws {
        try cluster.writeProgram(
            "podman",
            """
            case $1 in
                kill | rm) sleep \(delay); \(lies ? "exit 0" : "") ;;
            esac
            case $1 in
                run) shift; exec \(engine("run")) "$@" ;;
                *) command=$1; shift; exec \(engine("")) "$command" "$@" ;;
            esac

            """)
    }

    /// How many containers of the cluster's workers run.
    static func running(_ cluster: Cluster) throws -> Int {
        let format = "{{range .Mounts}}{{.}} {{end}}"
        let text = try run("\(engine("ps")) --format '\(format)'")
        return text.split(separator: "\n").count { $0.contains(cluster.folder) }
    }

    @discardableResult
    private static func run(_ line: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: text, as: UTF8.self)
    }
}
