import Vocabulary

/// One user's entry of `users` as it was written.
struct UserShareDraft: Sendable {
    var weight: UInt32?
    var cpus: UInt32?

    /// What may stand in such an entry.
    static let table = Table(
        "a user", { _ in UserShareDraft() },
        fields: [
            Field(
                "weight", .integer(1...Limits.weight), \.weight,
                "The user's share of the workers among others; 1 without it."),
            Field(
                "cpus", .integer(1...Limits.quotaCPUs), \.cpus,
                "CPUs that the user's trials may have together; no limit without it."),
        ])

    var share: UserShares.Share { UserShares.Share(weight: weight ?? 1, cpus: cpus) }
}

extension Kind where Value == UserShares {
    /// A mapping from names of users to their shares; `others` is everybody else's.
    static let users = Kind(noun) { node, problems in
        guard let entries = node.entries else {
            problems.mismatch(node, expected: noun)
            return nil
        }
        guard entries.count <= Limits.users else {
            problems.error(
                "There are \(entries.count) users; \(Limits.users) are the limit", in: node)
            return nil
        }
        var shares: [String: UserShares.Share] = [:]
        for entry in entries {
            guard let draft = UserShareDraft.table.read(entry.value, into: &problems) else {
                continue
            }
            shares[entry.key] = draft.share
        }
        let usual = shares.removeValue(forKey: "others") ?? UserShares.Share()
        return UserShares(usual: usual, named: shares)
    }

    private static let noun = "a mapping from users to their shares, such as `{ann: {weight: 2}}`"
}
