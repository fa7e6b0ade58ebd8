import Registry
import Scheduling
import SwiftProtobuf
import Vocabulary

extension SchemaGateJudged {
    init(_ sweep: SweepID, _ report: GateReport, _ winner: TrialID) {
        self.sweep = sweep.number
        self.report = SchemaGateReport(report)
        self.winner = SchemaTrialName(winner)
    }

    func decoded() throws(WireError) -> Record {
        .gateJudged(
            try Structure.sweep(sweep), try report.decoded(),
            winner: try winner.decoded("gate_judged.winner"))
    }
}

extension SchemaGateReport {
    init(_ report: GateReport) {
        verdict = report.verdict.schema
        rows = Int64(report.rows)
        challengerLoss = report.challengerLoss
        if let loss = report.championLoss { championLoss = loss }
        if let value = report.difference { difference = value }
        if let end = report.lower { lower = end }
        if let end = report.upper { upper = end }
        confidence = report.confidence
        reason = report.reason
    }

    func decoded() throws(WireError) -> GateReport {
        GateReport(
            verdict: try Structure.present(GateReport.Verdict(verdict), "gate.verdict"),
            rows: Int(clamping: rows), challengerLoss: challengerLoss,
            championLoss: hasChampionLoss ? championLoss : nil,
            difference: hasDifference ? difference : nil, lower: hasLower ? lower : nil,
            upper: hasUpper ? upper : nil, confidence: confidence, reason: reason)
    }
}

extension SchemaModelVersion {
    init(_ version: ModelVersion) {
        model = version.model
        number = version.number
        artifacts = version.artifacts.map { SchemaArtifact($0) }
        lineage = SchemaLineage(version.lineage)
    }

    func decoded() throws(WireError) -> Record {
        .registryChanged(
            .versionRegistered(
                ModelVersion(
                    model: model, number: try Structure.positive(number, "version.number"),
                    artifacts: try SchemaArtifact.files(artifacts, .disk),
                    lineage: try lineage.decoded())))
    }
}

extension SchemaLineage {
    init(_ lineage: Lineage) {
        sweep = lineage.sweep.number
        trial = SchemaTrialName(lineage.trial)
        experiment = lineage.experiment
        trainer = lineage.trainer.schema
        parameters = lineage.parameters.map { SchemaValue($0) }
        seed = lineage.seed
        if let prepared = lineage.data { data = SchemaPreparedData(prepared) }
        software = lineage.software
        metrics = lineage.metrics.map { SchemaMetric($0) }
    }

    func decoded() throws(WireError) -> Lineage {
        Lineage(
            sweep: try Structure.sweep(sweep), trial: try trial.decoded("lineage.trial"),
            experiment: experiment,
            trainer: try Structure.present(Trainer(trainer), "lineage.trainer"),
            parameters: try SchemaValue.point(parameters, .disk), seed: seed,
            data: hasData ? try data.decoded(.disk) : nil, software: software,
            metrics: try SchemaMetric.report(metrics, .disk))
    }
}

extension SchemaAliasMove {
    init(_ move: AliasMove) {
        model = move.model
        alias = move.alias
        if let version = move.from { from = version }
        to = move.to
        decision = move.decision
        actor = move.actor
        reason = move.reason
        isRollback = move.isRollback
    }

    func decoded() throws(WireError) -> Record {
        .registryChanged(
            .aliasMoved(
                AliasMove(
                    model: model, alias: alias,
                    from: hasFrom ? try Structure.positive(from, "alias.from") : nil,
                    to: try Structure.positive(to, "alias.to"), decision: decision,
                    actor: actor, reason: reason, isRollback: isRollback)))
    }
}
