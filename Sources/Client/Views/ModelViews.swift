package import API
import Vocabulary

/// Models as text.
package enum ModelViews {
    /// A line for each model.
    package static func list(_ page: ModelPage, on paper: Page) -> String {
        guard !page.models.isEmpty else {
            return "There are no models. A sweep with `model:` and `promotion:` makes one."
        }
        var table = TextTable([
            .init("MODEL", minimum: 8), .init("CHAMPION", .right), .init("VERSIONS", .right),
        ])
        table.rows = page.models.map { model in
            [
                StyledText(model.name, .accent),
                StyledText(model.champion.map { "version \($0)" } ?? "–"),
                StyledText(HumanForm.count(model.versions)),
            ]
        }
        return paper.text(table.lines(width: paper.width))
    }

    /// One version with its files and where it comes from.
    package static func show(
        _ document: VersionDocument, on paper: Page, now: Timestamp
    ) -> String {
        let version = document.version
        let aliases = version.aliases.map { "models:/\(document.model)@\($0)" }
        var lines = [StyledText("\(document.model) version \(version.number)", .strong)]
        lines += paper.properties([
            ("aliases", StyledText(aliases.joined(separator: ", "), .good)),
            ("registered", StyledText(HumanForm.age(of: version.registered, at: now))),
            ("trial", StyledText("\(version.trial) (\(version.experiment))", .accent)),
            ("metrics", StyledText(version.metrics.words)),
            ("seed", StyledText(document.seed)),
            ("data", StyledText(document.data.map { $0.spec.path } ?? "–")),
            ("software", StyledText(document.software)),
        ])
        lines += [.empty, StyledText("Parameters", .strong)]
        lines += paper.properties(
            document.parameters.map { ("  " + $0.name, StyledText("\($0.value)")) })
        lines += [.empty, StyledText("Files", .strong)]
        return paper.text(lines + files(document.artifacts, on: paper))
    }

    /// A model with its champion, versions and history.
    package static func show(
        _ model: ModelDocument, on paper: Page, now: Timestamp
    ) -> String {
        var lines = [StyledText(model.name, .strong)]
        if let champion = model.champion {
            lines += paper.properties([
                ("champion", StyledText("version \(champion.version.number)", .good)),
                ("address", StyledText("models:/\(model.name)@champion", .accent)),
                ("trial", StyledText("\(champion.version.trial) (\(champion.version.experiment))")),
                ("metrics", StyledText(champion.version.metrics.words)),
                ("parameters", StyledText(champion.parameters.words)),
                ("data", StyledText(champion.data.map { $0.spec.path } ?? "–")),
                ("software", StyledText(champion.software)),
            ])
        } else {
            lines.append(StyledText("No champion yet.", .warning))
        }
        lines += versions(model.versions, on: paper, now: now)
        lines += history(model.history, on: paper, now: now)
        if model.champion != nil {
            let step = "picoml model predict \(model.name) --input FILE.csv"
            lines += [.empty] + paper.wrapped("Next: `\(step)`", .faint)
        }
        return paper.text(lines)
    }

    private static func files(_ files: [Artifact], on paper: Page) -> [StyledText] {
        var table = TextTable([
            .init("  NAME", minimum: 12), .init("SIZE", .right), .init("SHA-256", minimum: 8),
        ])
        table.rows = files.map { file in
            [
                StyledText("  " + file.name), StyledText(HumanForm.bytes(file.byteCount)),
                StyledText("\(file.digest)", .faint),
            ]
        }
        return table.lines(width: paper.width)
    }

    private static func versions(
        _ versions: [VersionEntry], on paper: Page, now: Timestamp
    ) -> [StyledText] {
        guard !versions.isEmpty else { return [] }
        var table = TextTable([
            .init("VERSION", .right), .init("ALIASES"), .init("TRIAL"),
            .init("EXPERIMENT", minimum: 4, rank: 2), .init("METRICS", minimum: 10),
            .init("REGISTERED", rank: 1),
        ])
        table.rows = versions.map { version in
            [
                StyledText("\(version.number)"),
                StyledText(version.aliases.joined(separator: ", "), .good),
                StyledText("\(version.trial)", .accent), StyledText(version.experiment),
                StyledText(version.metrics.words),
                StyledText(HumanForm.age(of: version.registered, at: now)),
            ]
        }
        return [.empty, StyledText("Versions", .strong)] + table.lines(width: paper.width)
    }

    private static func history(
        _ moves: [AliasMoveDocument], on paper: Page, now: Timestamp
    ) -> [StyledText] {
        guard !moves.isEmpty else { return [] }
        var table = TextTable([
            .init("WHEN"), .init("ALIAS"), .init("MOVE"), .init("WHO", minimum: 5),
        ])
        table.rows = moves.map { move in
            [
                StyledText(HumanForm.age(of: move.moved, at: now)), StyledText(move.alias),
                StyledText("\(move.from.map { "\($0)" } ?? "–") → \(move.to)"),
                StyledText(move.actor),
            ]
        }
        // A reason is a sentence or two: it has lines of its own, where nothing of it is cut.
        let rows = table.lines(width: paper.width)
        let entries = zip(rows.dropFirst(), moves).flatMap { row, move in
            [row] + paper.wrapped(move.reason, indent: 4, .faint)
        }
        return [.empty, StyledText("History", .strong)] + rows.prefix(1) + entries
    }
}
