import GRDB
package import Scheduling
package import Vocabulary

/// A join token; its secret is nowhere but in the hands of whoever made it.
package struct TokenRow: Hashable, Sendable {
    /// Its number.
    package var id: TokenID
    /// How many workers may enrol with it.
    package var uses: UInt32
    /// How many did.
    package var used: UInt32
    /// Whether those wait for a person's approval.
    package var needsApproval: Bool
    /// When it was made, in milliseconds since 1970.
    package var created: Int64
    /// When its time is over, in milliseconds since 1970.
    package var expires: Int64
    /// When it ended, in milliseconds since 1970; nil while it is in force or was used up.
    package var ended: Int64?
    /// Why it ended; nil while it is in force or was used up.
    package var ending: TokenEnding?

    init(row: Row) throws {
        id = TokenID(row["id"])
        uses = row["uses"]
        used = row["used"]
        needsApproval = row["needs_approval"]
        created = row["created"]
        expires = row["expires"]
        ended = row["ended"]
        guard let text = row["ending"] as String? else { return }
        guard let known = TokenEnding(rawValue: text) else {
            throw UnreadableRow(table: "tokens", row: row["id"])
        }
        ending = known
    }
}

extension Catalogue {
    /// Every join token that was ever made, oldest first.
    package func tokens() async throws(StorageError) -> [TokenRow] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT tokens.*, count(workers.id) AS used
                    FROM tokens LEFT JOIN workers ON workers.token = tokens.id
                    GROUP BY tokens.id ORDER BY tokens.id
                    """
            ).map(TokenRow.init)
        }
    }
}
