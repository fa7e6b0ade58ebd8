package import Vocabulary

/// The hosts that a person wants workers on.
package struct HostsFile: Hashable, Sendable {
    /// The hosts in the order of the file; every name differs.
    package var hosts: [HostEntry]
    /// Where workers reach the coordinator's control socket, tried in turn; none for where it
    /// listens.
    package var control: [Endpoint]
    /// Where they reach its artifact socket, one for each of `control`; none for the same hosts.
    package var artifacts: [Endpoint]

    /// Reads a hosts file; every problem comes at once.
    package static func parse(
        _ text: String, file: String
    ) throws(Diagnostics) -> HostsFile {
        var problems = Problems(file: file)
        guard let node = Document.read(text, into: &problems),
            let draft = HostsDraft.table.read(node, into: &problems)
        else { throw Diagnostics(problems.all) }
        let hosts = draft.file(into: &problems)
        return try problems.finish(hosts)
    }

    /// Reads the file from bytes, which must be UTF-8.
    package static func parse(
        bytes: some Collection<UInt8>, file: String
    ) throws(Diagnostics) -> HostsFile {
        try parse(Document.text(of: bytes, file: file), file: file)
    }

    /// Every key as Markdown tables, made from the tables that read it.
    package static var reference: String {
        HostsDraft.table.reference + "\n" + HostDraft.table.reference
    }
}

/// One host: how ssh reaches it, and what its worker is to be.
package struct HostEntry: Hashable, Sendable {
    /// Who looks after the worker's process.
    package enum Service: String, Hashable, Sendable, Codable, CaseIterable {
        /// systemd, which starts it with the host.
        case system
        /// Nobody: it runs until it ends, under the user that ssh logs in as.
        case user
    }

    /// What the worker is called.
    package var name: String
    /// What ssh connects to: a name, an address, or a host of ssh's configuration.
    package var address: String
    /// Whom ssh logs in as; nil for what its configuration says.
    package var user: String?
    /// The port of the host's ssh server; nil for what ssh's configuration says.
    package var port: UInt16?
    /// ssh's configuration, relative to the hosts file; nil for the user's own.
    package var sshConfiguration: String?
    /// Options of ssh, such as `ProxyJump=gate`.
    package var sshOptions: [String] = []
    /// Who is to look after the worker; nil for the system where that is possible.
    package var service: Service?
    /// The folder of a worker that runs under the user, relative to the user's home.
    package var folder = HostEntry.usualFolder
    /// CPUs that the worker offers; nil for all.
    package var cpus: UInt32?
    /// What trials can choose the host by.
    package var labels = Labels()
    /// Further options of `picoml worker run`.
    package var options: [String] = []

    /// Where a worker lives that runs under the user, unless the file says otherwise.
    package static let usualFolder = "picoml-worker"

    /// A host that is reached as `address`.
    package init(name: String, address: String? = nil) {
        self.name = name
        self.address = address ?? name
    }
}

/// A hosts file as it was written.
private struct HostsDraft: Sendable {
    let node: Node
    var control: [Endpoint]?
    var artifacts: [Endpoint]?
    var defaults: HostDraft?
    var hosts: [NamedHostDraft]?

    static let table = Table(
        "a hosts file", { HostsDraft(node: $0) },
        fields: [
            Field(
                "control", .places, \.control,
                "Where workers reach the coordinator; of several, those that do not answer are "
                    + "passed over. Without it where it listens."),
            Field(
                "artifacts", .places, \.artifacts,
                "Where they send and get files, as many as for `control`; without it the same "
                    + "hosts."),
            Field(
                "defaults", .mapping(HostDraft.table), \.defaults,
                "What holds for every host that does not say otherwise."),
            Field("hosts", .hosts, \.hosts, isRequired: true, "The hosts by name."),
        ])

    init(node: Node) { self.node = node }

    func file(into problems: inout Problems) -> HostsFile? {
        if let artifacts, artifacts.count != control?.count, let entry = node.entry("artifacts") {
            problems.error(
                "`control` and `artifacts` have different numbers of addresses: "
                    + "\(control?.count ?? 0) and \(artifacts.count)",
                at: entry.mark, entry.value.path,
                fix: "Give both for each place at which the coordinator may be, in one order.")
        }
        guard let hosts else { return nil }
        let common = defaults ?? HostDraft()
        return HostsFile(
            hosts: hosts.map { $0.draft.entry(named: $0.name, common) }, control: control ?? [],
            artifacts: artifacts ?? [])
    }
}

/// A host with its name.
struct NamedHostDraft: Sendable {
    /// The name.
    let name: String
    /// What stands below it.
    let draft: HostDraft
}

extension Kind where Value == [NamedHostDraft] {
    /// The `hosts` mapping.
    fileprivate static let hosts = Kind("a mapping from names to hosts") { node, problems in
        guard let entries = node.entries, !entries.isEmpty else {
            problems.mismatch(
                node, expected: "a mapping from names to hosts",
                fix: "Write `oven-1: {address: 10.0.0.11}`.")
            return nil
        }
        guard entries.count <= Limits.hosts else {
            problems.error(
                "There are \(entries.count) hosts; \(Limits.hosts) are the limit", in: node,
                fix: "Split the file.")
            return nil
        }
        let hosts = entries.compactMap { entry -> NamedHostDraft? in
            let key = Node(
                content: .scalar(Scalar(text: entry.key, isPlain: false)), mark: entry.mark,
                path: entry.value.path)
            let name = Kind<String>.hostName.read(key, &problems)
            // A name with nothing behind it is a host that ssh knows by that name.
            let draft =
                entry.value.isNull
                ? HostDraft() : HostDraft.table.read(entry.value, into: &problems)
            guard let name, let draft else { return nil }
            return NamedHostDraft(name: name, draft: draft)
        }
        return hosts.count == entries.count ? hosts : nil
    }
}
