import Vocabulary

/// A host, or the defaults of all, as it was written.
struct HostDraft: Sendable {
    var address: String?
    var user: String?
    var port: UInt16?
    var sshConfiguration: String?
    var sshOptions: [String]?
    var service: HostEntry.Service?
    var folder: String?
    var cpus: UInt32?
    var labels: Labels?
    var options: [String]?

    /// What may stand in a host.
    static let table = Table(
        "a host", { _ in HostDraft() },
        fields: [
            Field(
                "address", .hostAddress, \.address,
                "What ssh connects to; the host's name without it."),
            Field(
                "user", .remoteUser, \.user,
                "Whom ssh logs in as; what its configuration says without it."),
            Field(
                "port", .integer(1...65535), \.port,
                "The port of the host's ssh server; what ssh's configuration says without it."),
            Field(
                "ssh_config", .text("the path of a file", bytes: Limits.messageBytes),
                \.sshConfiguration,
                "ssh's configuration, relative to this file; your own without it."),
            Field(
                "ssh_options",
                .list(of: .sshOption, limit: 64, noun: "a list of ssh's options"),
                \.sshOptions, "Options of ssh, such as `ProxyJump=gate`."),
            Field(
                "service", .choice(of: "service"), \.service,
                "`system` for a service of systemd, which takes root or sudo without a password; "
                    + "`user` for a process of the user. Without it the first that can be."),
            Field(
                "folder", .remotePath, \.folder,
                "Where a worker lives that is a process of the user, relative to its home; "
                    + "`\(HostEntry.usualFolder)` without it."),
            Field(
                "cpus", .integer(1...Limits.cpusPerWorker), \.cpus,
                "CPUs that the worker offers; all without it."),
            Field(
                "labels", .labels(allowsImplied: false), \.labels,
                "What trials can choose this host by, in `resources`."),
            Field(
                "options", .list(of: .workerOption, limit: 64, noun: "a list of options"),
                \.options, "Further options of `picoml worker run`, such as `--no-prefetch`."),
        ])

    /// The host called `name`, with what `common` says where this says nothing.
    func entry(named name: String, _ common: HostDraft) -> HostEntry {
        var host = HostEntry(name: name, address: address ?? common.address)
        host.user = user ?? common.user
        host.port = port ?? common.port
        host.sshConfiguration = sshConfiguration ?? common.sshConfiguration
        host.sshOptions = (sshOptions ?? []) + (common.sshOptions ?? [])
        host.service = service ?? common.service
        host.folder = folder ?? common.folder ?? host.folder
        host.cpus = cpus ?? common.cpus
        host.labels = Labels((common.labels?.all ?? []) + (labels?.all ?? []))
        host.options = (common.options ?? []) + (options ?? [])
        return host
    }
}

/// What becomes an argument of ssh or a part of a command on a host is a plain word: nothing that
/// a shell or systemd gives a meaning, and no hyphen first where an option could stand.
extension Kind where Value == String {
    /// The name of a host and its worker.
    static let hostName = word(
        "1 to 64 of the characters A-Z, a-z, 0-9, ., _ and -, a letter or digit first",
        count: 1...64
    ) { isLetterOrDigit($0) || "._-".unicodeScalars.contains($0) }
    .then(startingWithLetterOrDigit)

    /// What ssh connects to.
    fileprivate static let hostAddress = word(
        "a name or address such as `10.0.0.11`", count: 1...253
    ) { isLetterOrDigit($0) || "._-:%".unicodeScalars.contains($0) }
    .then(startingWithoutHyphen)

    /// A user of a host.
    fileprivate static let remoteUser = word("the name of a user", count: 1...64) {
        isLetterOrDigit($0) || "._-@+".unicodeScalars.contains($0)
    }
    .then(startingWithoutHyphen)

    /// A path on a host.
    fileprivate static let remotePath = word(
        "a path of the characters A-Z, a-z, 0-9, /, ., _ and -", count: 1...256
    ) { isLetterOrDigit($0) || "/._-".unicodeScalars.contains($0) }
    .then(startingWithoutHyphen)

    /// An option of ssh_config(5).
    fileprivate static let sshOption = text("an option such as `ProxyJump=gate`").then {
        text, node, problems -> String? in
        let name = text.prefix { $0 != "=" }
        guard name.count < text.count, !name.isEmpty,
            name.unicodeScalars.allSatisfy(isLetterOrDigit),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            problems.mismatch(
                node, expected: "an option such as `ProxyJump=gate`",
                fix: "Write its name as in ssh_config(5), an equals sign and its value.")
            return nil
        }
        return text
    }

    /// An option of the worker, or the value of one.
    fileprivate static let workerOption = word(
        "an option of the characters A-Z, a-z, 0-9, =, /, :, ,, ., _ and -", count: 1...256
    ) { isLetterOrDigit($0) || "=/:,._-".unicodeScalars.contains($0) }

    private static func startingWithLetterOrDigit(
        _ text: String, _ node: Node, _ problems: inout Problems
    ) -> String? {
        guard let first = text.unicodeScalars.first, isLetterOrDigit(first) else {
            problems.error(
                "The name begins with neither a letter nor a digit", in: node, fix: "Rename it.")
            return nil
        }
        return text
    }

    private static func startingWithoutHyphen(
        _ text: String, _ node: Node, _ problems: inout Problems
    ) -> String? {
        guard !text.hasPrefix("-") else {
            problems.error("It begins with a hyphen, as options do", in: node, fix: "Mend it.")
            return nil
        }
        return text
    }
}
