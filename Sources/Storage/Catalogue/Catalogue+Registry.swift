import GRDB
package import Registry
import Vocabulary

/// A model of the registry.
package struct ModelRow: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// The number of its newest version.
    package var latest: UInt32
    /// Its aliases, in the order of their names.
    package var aliases: [AliasRow]
}

/// Where an alias points.
package struct AliasRow: Hashable, Sendable {
    /// The alias, such as `champion`.
    package var name: String
    /// The version that has it.
    package var version: UInt32
    /// Since when, in milliseconds since 1970.
    package var since: Int64
}

/// A version of a model.
package struct VersionRow: Hashable, Sendable {
    /// The version with its files and where it came from.
    package var version: ModelVersion
    /// When it was registered, in milliseconds since 1970.
    package var registered: Int64

    init(row: Row) throws {
        version = ModelVersion(
            model: row["model"], number: row["number"],
            artifacts: try JSONText.decode([Artifact].self, row["artifacts"]),
            lineage: try JSONText.decode(Lineage.self, row["lineage"]))
        registered = row["time"]
    }
}

/// One move of an alias.
package struct AliasMoveRow: Hashable, Sendable {
    /// What moved where, by whom and why.
    package var move: AliasMove
    /// When, in milliseconds since 1970.
    package var time: Int64

    init(row: Row) {
        move = AliasMove(
            model: row["model"], alias: row["alias"], from: row["old_version"],
            to: row["new_version"], decision: row["decision"], actor: row["actor"],
            reason: row["reason"], isRollback: row["is_rollback"])
        time = row["time"]
    }
}

extension Catalogue {
    /// Every model, in the order of their names.
    package func models() async throws(StorageError) -> [ModelRow] {
        try await read { database in
            var models = try Row.fetchAll(
                database,
                sql: "SELECT model, max(number) FROM versions GROUP BY model ORDER BY model"
            ).map { ModelRow(name: $0[0], latest: $0[1], aliases: []) }
            for index in models.indices {
                models[index].aliases = try Row.fetchAll(
                    database,
                    sql: "SELECT alias, version, time FROM aliases WHERE model = ? ORDER BY alias",
                    arguments: [models[index].name]
                ).map { AliasRow(name: $0[0], version: $0[1], since: $0[2]) }
            }
            return models
        }
    }

    /// The versions of a model, newest first.
    ///
    /// - Parameters:
    ///   - model: The model's name.
    ///   - before: Only versions with a lower number; nil starts with the newest.
    ///   - limit: The most versions, up to `pageLimit`.
    /// - Returns: The page of versions.
    /// - Throws: `StorageError` when the database cannot be read.
    package func versions(
        of model: String, before: UInt32? = nil, limit: Int = 100
    ) async throws(StorageError) -> [VersionRow] {
        let limit = Self.clamp(limit)
        return try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM versions WHERE model = ? AND number < ?
                    ORDER BY number DESC LIMIT ?
                    """,
                arguments: [model, before.map(Int64.init) ?? .max, limit]
            ).map(VersionRow.init(row:))
        }
    }

    /// Version `number` of a model; nil when there is none.
    package func version(
        _ number: UInt32, of model: String
    ) async throws(StorageError) -> VersionRow? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM versions WHERE model = ? AND number = ?",
                arguments: [model, number]
            ).map(VersionRow.init(row:))
        }
    }

    /// The version that has `alias`; nil when none has it.
    package func version(
        at alias: String, of model: String
    ) async throws(StorageError) -> VersionRow? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT versions.* FROM aliases JOIN versions
                        ON versions.model = aliases.model AND versions.number = aliases.version
                    WHERE aliases.model = ? AND aliases.alias = ?
                    """,
                arguments: [model, alias]
            ).map(VersionRow.init(row:))
        }
    }

    /// Every move of a model's aliases, oldest first.
    package func aliasMoves(of model: String) async throws(StorageError) -> [AliasMoveRow] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM alias_moves WHERE model = ? ORDER BY id",
                arguments: [model]
            ).map(AliasMoveRow.init(row:))
        }
    }
}
