import API
import Vocabulary

extension Samples {
    static func version(_ number: UInt32, aliases: [String]) -> VersionEntry {
        VersionEntry(
            number: number, registered: time(secondsAgo: 4000), trial: trialID(40 + number),
            experiment: "Exp3", metrics: [Metric("rmse", 41.5), Metric("gate_rmse", 43.25)],
            aliases: aliases)
    }

    static func versionDocument(
        spec: DataSpec? = nil,
        artifacts: [Artifact] = [
            Artifact(name: "model/model.ubj", digest: digest, byteCount: 90_000)
        ]
    ) -> VersionDocument {
        VersionDocument(
            model: "demand", version: version(2, aliases: ["champion"]), artifacts: artifacts,
            parameters: parameters, seed: 5,
            data: spec.map {
                PreparedData(
                    spec: $0, source: digest, search: digest, searchBytes: 1, gate: nil,
                    gateBytes: 0, validationRows: 1)
            }, software: "0.1.0")
    }

    static func model(champion: VersionDocument? = versionDocument()) -> ModelDocument {
        ModelDocument(
            name: "demand", champion: champion,
            versions: [version(2, aliases: ["champion"]), version(1, aliases: [])],
            aliases: champion == nil ? [] : [AliasDocument(name: "champion", version: 2)],
            history: [
                AliasMoveDocument(
                    alias: "champion", from: 1, to: 2, moved: time(secondsAgo: 3900),
                    decision: "d2", actor: "gate", reason: "Better by 5.25 on 2164 rows."),
                AliasMoveDocument(
                    alias: "champion", from: nil, to: 1, moved: time(secondsAgo: 90_000),
                    decision: "d1", actor: "gate", reason: "There was no champion."),
            ])
    }
}
