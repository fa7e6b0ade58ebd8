import Foundation

/// Archives that no packer of ours makes, written by Python's tarfile.
enum TarScript {
    /// What scripts may call: `file`, `folder`, `link`, and `add` for everything else.
    private static let prelude = """
        import io, sys, tarfile
        out = open(sys.argv[1], "wb")
        t = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)
        def add(name, type, data=b"", mode=0o644, target="", size=None, pax={}):
            i = tarfile.TarInfo(name)
            i.type, i.mode, i.linkname, i.pax_headers = type, mode, target, pax
            i.size = len(data) if size is None else size
            t.fileobj.write(i.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
            t.fileobj.write(data + bytes(-len(data) % 512))
        def file(name, data=b"x", **more): add(name, tarfile.REGTYPE, data, **more)
        def folder(name, mode=0o755): add(name, tarfile.DIRTYPE, mode=mode)
        def link(name, target): add(name, tarfile.SYMTYPE, target=target)

        """

    /// Writes the archive that `script` makes, compressed, to `path`.
    static func write(_ script: String, to path: String, filter: String = "zstd") throws {
        try Zstandard.compress(bytes(of: script), to: path, filter: filter)
    }

    /// The archive that `script` makes, as it is before compression.
    static func bytes(of script: String) throws -> [UInt8] {
        let workplace = try Workplace()
        let tar = workplace["tar"]
        try workplace.run([
            "python3", "-c", prelude + script + "\nout.write(bytes(1024))\nout.close()", tar,
        ])
        return try Array(Data(contentsOf: URL(filePath: tar)))
    }
}
