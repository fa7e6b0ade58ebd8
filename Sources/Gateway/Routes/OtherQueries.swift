import API
import Hummingbird
import Scheduling
import Storage
import Vocabulary

extension Routes {
    /// GET status.
    func status() async throws(Problem) -> Response {
        let totals = try await read { try await catalogue.totals() }
        let workers = try await read { try await catalogue.workers() }
        let models = try await read { try await catalogue.models() }
        let connected = workers.filter { $0.state == .joined }
        let ended = totals.succeeded + totals.pruned + totals.failed
        return try .json(
            StatusDocument(
                version: Software.version, started: started, openSweeps: totals.openSweeps,
                sweeps: totals.sweeps,
                trials: TrialCounts(
                    waiting: max(0, totals.trials - totals.running - ended),
                    running: totals.running, succeeded: totals.succeeded,
                    pruned: totals.pruned, failed: totals.failed),
                connectedWorkers: connected.count,
                workers: workers.count { $0.state != .revoked && $0.state != .pending },
                cpus: connected.reduce(0) { $0 + Int($1.facts?.cpus ?? 0) },
                models: models.count))
    }

    /// GET workers.
    func workers() async throws(Problem) -> Response {
        let rows = try await read { try await catalogue.workers() }
        var page = WorkerPage(workers: rows.map(WorkerDocument.init))
        // A coordinator that cannot answer at the moment shows all the rest.
        if case .workers(let draining) = await perform(.listDraining) {
            for index in page.workers.indices {
                page.workers[index].isDraining = draining.contains(page.workers[index].id.value)
            }
        }
        return try .json(page)
    }

    /// GET models.
    func models() async throws(Problem) -> Response {
        let rows = try await read { try await catalogue.models() }
        return try .json(ModelPage(models: rows.map(ModelEntry.init)))
    }

    /// GET models/NAME.
    func model(_ name: String) async throws(Problem) -> Response {
        let aliases = try await aliases(of: name)
        let champion = try await read {
            try await catalogue.version(at: championAlias, of: name)
        }
        let versions = try await read {
            try await catalogue.versions(of: name, limit: Catalogue.pageLimit)
        }
        let moves = try await read { try await catalogue.aliasMoves(of: name) }
        return try .json(
            ModelDocument(
                name: name, champion: champion.map { VersionDocument($0, aliases: aliases) },
                versions: versions.map { VersionEntry($0, aliases: aliases) },
                aliases: aliases.map { AliasDocument(name: $0.name, version: $0.version) },
                history: moves.reversed().map(AliasMoveDocument.init)))
    }

    /// GET models/NAME/versions/NUMBER.
    func version(_ model: String, _ number: UInt32) async throws(Problem) -> Response {
        let aliases = try await aliases(of: model)
        guard let row = try await read({ try await catalogue.version(number, of: model) }) else {
            throw Problem(
                .notFound, "Model \"\(model)\" has no version \(number).",
                fix: "\"picoml model show \(model)\" shows those that there are.")
        }
        return try .json(VersionDocument(row, aliases: aliases))
    }

    private func aliases(of model: String) async throws(Problem) -> [AliasRow] {
        let models = try await read { try await catalogue.models() }
        guard let row = models.first(where: { $0.name == model }) else {
            throw Problem(
                .notFound, "The registry has no model \"\(model)\".",
                fix: "\"picoml model list\" shows those that there are.")
        }
        return row.aliases
    }
}
