package import Vocabulary

/// What a coordinator is told when it starts.
package struct CoordinatorConfiguration: Hashable, Sendable {
    /// The folder of the journal, the tables, the keys and the artifacts; relative to the
    /// configuration file.
    package var state: String
    /// Where workers connect for leases.
    package var control: Endpoint
    /// Where workers connect for artifacts.
    package var artifacts: Endpoint
    /// Where people and tools connect.
    package var http: Endpoint
    /// How long a worker holds a lease without renewing it.
    package var lease: Duration
    /// How often workers renew; under half of `lease`.
    package var renewal: Duration
    /// How long after a start running attempts may be handed back by their workers.
    package var adoption: Duration
    /// What each user may have of the workers.
    package var users: UserShares

    /// Reads a coordinator's file; every key but `state` has a default.
    package static func parse(
        _ text: String, file: String
    ) throws(Diagnostics) -> CoordinatorConfiguration {
        var problems = Problems(file: file)
        guard let node = Document.read(text, into: &problems),
            let draft = CoordinatorDraft.table.read(node, into: &problems)
        else { throw Diagnostics(problems.all) }
        let configuration = draft.configuration(into: &problems)
        return try problems.finish(configuration)
    }

    /// Reads the file from bytes, which must be UTF-8.
    package static func parse(
        bytes: some Collection<UInt8>, file: String
    ) throws(Diagnostics) -> CoordinatorConfiguration {
        try parse(Document.text(of: bytes, file: file), file: file)
    }

    /// Every key as Markdown tables, made from the tables that read it.
    package static var reference: String {
        CoordinatorDraft.table.reference + "\n" + UserShareDraft.table.reference
    }
}

/// A coordinator's file as it was written.
private struct CoordinatorDraft: Sendable {
    let node: Node
    var state: String?
    var control: Endpoint?
    var artifacts: Endpoint?
    var http: Endpoint?
    var lease: Double?
    var renewal: Double?
    var adoption: Double?
    var users: UserShares?

    init(node: Node) { self.node = node }

    static let table = Table(
        "a coordinator", { CoordinatorDraft(node: $0) },
        fields: [
            Field(
                "state", .text("the path of a folder", bytes: Limits.messageBytes), \.state,
                isRequired: true, "The folder of everything that must survive a restart."),
            Field(
                "control", .zeroMQ, \.control,
                "Where workers connect; `tcp://127.0.0.1:7801` without it."),
            Field(
                "artifacts", .zeroMQ, \.artifacts,
                "Where workers send and get files; `tcp://127.0.0.1:7802` without it."),
            Field(
                "http", .http, \.http,
                "Where people and tools connect; `http://127.0.0.1:7800` without it."),
            Field(
                "lease_seconds", .seconds, \.lease,
                "How long a worker may be silent before its trials go to others; 10 without it."),
            Field(
                "renew_seconds", .seconds, \.renewal,
                "How often workers say that they live; 2 without it."),
            Field(
                "adoption_seconds", .seconds, \.adoption,
                "How long a restarted coordinator waits for workers to hand back what they run; "
                    + "30 without it."),
            Field(
                "users", .users, \.users,
                "What each user may have of the workers, by name; `others` for everybody else."),
        ])

    func configuration(into problems: inout Problems) -> CoordinatorConfiguration? {
        let control = control ?? Endpoint(host: "127.0.0.1", port: 7801)
        let artifacts = artifacts ?? Endpoint(host: "127.0.0.1", port: 7802)
        let http = http ?? Endpoint(host: "127.0.0.1", port: 7800)
        let addresses = [("control", control), ("artifacts", artifacts), ("http", http)]
        for (position, (key, address)) in addresses.enumerated() {
            guard let first = addresses[..<position].first(where: { $0.1 == address }) else {
                continue
            }
            let place = node.entry(key) ?? node.entry(first.0)
            problems.error(
                "`\(key)` has the address of `\(first.0)`", at: place?.mark ?? node.mark,
                .key(node.path, key), fix: "Choose another port.")
        }
        let lease = lease ?? 10
        let renewal = renewal ?? 2
        // A lease must outlive one renewal that was lost on the way.
        if renewal * 2 >= lease {
            let place = node.entry("renew_seconds") ?? node.entry("lease_seconds")
            problems.error(
                "Renewing every \(renewal) s does not keep a lease of \(lease) s when one "
                    + "renewal is lost",
                at: place?.value.mark ?? node.mark, .key(node.path, "renew_seconds"),
                fix: "Make it less than half of `lease_seconds`.")
        }
        guard let state else { return nil }
        return CoordinatorConfiguration(
            state: state, control: control, artifacts: artifacts, http: http,
            lease: .seconds(lease), renewal: .seconds(renewal),
            adoption: .seconds(adoption ?? 30), users: users ?? UserShares())
    }
}
