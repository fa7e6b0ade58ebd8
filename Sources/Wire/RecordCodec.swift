import Registry
package import Scheduling
import SwiftProtobuf
import Vocabulary

/// Records of the journal in bytes; `Schema/picoml.proto` describes them.
package enum RecordCodec {
    /// The format that this build writes, and the newest one it reads.
    package static let formatVersion: UInt32 = 1

    /// The bytes of `records`, in their order, with their own length and checksum.
    package static func encode(_ records: some Collection<Record>) -> [UInt8] {
        var writer = FrameWriter(
            .records, version: formatVersion, capacity: 64 * records.count)
        for record in records {
            let (kind, body) = encoded(record)
            writer.append(kind: kind.rawValue, body: body)
        }
        return writer.finish()
    }

    /// The records in `bytes`, in their order.
    ///
    /// Limits on names and counts are not applied: what was once written stays readable.
    ///
    /// - Throws: `WireError` when `bytes` are not what `encode` gave, or are of a newer format.
    package static func decode(_ bytes: Span<UInt8>) throws(WireError) -> [Record] {
        var reader = try FrameReader(bytes, content: .records, limit: Int(UInt32.max))
        try reader.requireNoPayload(bytes)
        guard (1...formatVersion).contains(reader.version) else {
            throw .newerFormat(version: reader.version, newest: formatVersion)
        }
        var records: [Record] = []
        while let entry = try reader.next(bytes) {
            guard let record = try record(entry, bytes, reader.version) else { continue }
            records.append(record)
        }
        return records
    }

    /// The records in `bytes`; see ``decode(_:)-(Span<UInt8>)``.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> [Record] {
        try decode(bytes.span)
    }

    private static func encoded(_ record: Record) -> (SchemaRecordKind, [UInt8]) {
        switch record {
        case .workerAuthorized(let worker, let name, let key):
            (.workerAuthorized, SchemaWorkerAuthorized(worker, name: name, key: key).body)
        case .workerRevoked(let worker): (.workerRevoked, SchemaWorkerRevoked(worker).body)
        case .workerJoined(let worker, let facts):
            (.workerJoined, SchemaWorkerJoined(worker, facts).body)
        case .workerLeft(let worker, let departure):
            (.workerLeft, SchemaWorkerLeft(worker, departure).body)
        case .sweepSubmitted(let sweep, let spec, let source, let seed):
            (
                .sweepSubmitted,
                SchemaSweepSubmitted(sweep, spec, source: source, seed: seed).body
            )
        case .sweepEntered(let sweep, let phase, let reason):
            (.sweepEntered, SchemaSweepEntered(sweep, phase, reason: reason).body)
        case .sweepPaused(let sweep, let isPaused):
            (.sweepPaused, SchemaSweepPaused(sweep, isPaused).body)
        case .experimentExhausted(let sweep, let experiment):
            (.experimentExhausted, SchemaExperimentExhausted(sweep, experiment).body)
        case .trialCreated(let creation): (.trialCreated, SchemaTrialCreated(creation).body)
        case .attemptStarted(let attempt, let worker, let devices):
            (.attemptStarted, SchemaAttemptStarted(attempt, worker, devices).body)
        case .reported(let report): (.reported, SchemaMetricReport(report).body)
        case .checkpointed(let attempt, let checkpoint):
            (.checkpointed, SchemaAttemptCheckpoint(attempt, checkpoint).body)
        case .checkpointReleased(let trial, let step):
            (.checkpointReleased, SchemaCheckpointReleased(trial, step).body)
        case .workerExcluded(let worker, let span, let reason):
            (.workerExcluded, SchemaWorkerExcluded(worker, span, reason).body)
        case .workerReadmitted(let worker):
            (.workerReadmitted, SchemaWorkerReadmitted(worker).body)
        case .workerPending(let worker, let name, let key, let facts):
            (.workerPending, SchemaWorkerPending(worker, name: name, key: key, facts).body)
        case .workerApproved(let worker): (.workerApproved, SchemaWorkerApproved(worker).body)
        case .workerKeyOffered(let worker, let key):
            (.workerKeyOffered, SchemaWorkerKeyOffered(worker, key: key).body)
        case .workerKeyReplaced(let worker):
            (.workerKeyReplaced, SchemaWorkerKeyReplaced(worker).body)
        case .tokenCreated(let token, let terms):
            (.tokenCreated, SchemaTokenCreated(token, terms).body)
        case .tokenUsed(let token, let worker): (.tokenUsed, SchemaTokenUsed(token, worker).body)
        case .tokenEnded(let token, let ending):
            (.tokenEnded, SchemaTokenEnded(token, ending).body)
        case .dataAdded(let data): (.dataAdded, SchemaDataSet(data).body)
        case .pruneDecided(let attempt): (.pruneDecided, SchemaAttemptName(attempt).body)
        case .attemptEnded(let result, let next, let objective):
            (.attemptEnded, SchemaAttemptEnded(result, next, objective).body)
        case .gateJudged(let sweep, let report, let winner):
            (.gateJudged, SchemaGateJudged(sweep, report, winner).body)
        case .registryChanged(let change): encoded(change)
        }
    }

    private static func encoded(_ change: RegistryChange) -> (SchemaRecordKind, [UInt8]) {
        switch change {
        case .versionRegistered(let version):
            (.versionRegistered, SchemaModelVersion(version).body)
        case .aliasMoved(let move): (.aliasMoved, SchemaAliasMove(move).body)
        }
    }

    private static func record(
        _ entry: FrameEntry, _ bytes: Span<UInt8>, _ version: UInt32
    ) throws(WireError) -> Record? {
        switch SchemaRecordKind(rawValue: Int(entry.kind)) {
        case .workerAuthorized: try entry.decode(SchemaWorkerAuthorized.self, bytes).decoded()
        case .workerRevoked: try entry.decode(SchemaWorkerRevoked.self, bytes).decoded()
        case .workerJoined: try entry.decode(SchemaWorkerJoined.self, bytes).decoded()
        case .workerLeft: try entry.decode(SchemaWorkerLeft.self, bytes).decoded()
        case .sweepSubmitted: try entry.decode(SchemaSweepSubmitted.self, bytes).decoded()
        case .sweepEntered: try entry.decode(SchemaSweepEntered.self, bytes).decoded()
        case .sweepPaused: try entry.decode(SchemaSweepPaused.self, bytes).decoded()
        case .experimentExhausted:
            try entry.decode(SchemaExperimentExhausted.self, bytes).decoded()
        case .trialCreated: try entry.decode(SchemaTrialCreated.self, bytes).decoded()
        case .attemptStarted: try entry.decode(SchemaAttemptStarted.self, bytes).decoded()
        case .reported:
            .reported(try entry.decode(SchemaMetricReport.self, bytes).decoded(.disk))
        case .checkpointed: try entry.decode(SchemaAttemptCheckpoint.self, bytes).decodedRecord()
        case .checkpointReleased:
            try entry.decode(SchemaCheckpointReleased.self, bytes).decoded()
        case .workerExcluded: try entry.decode(SchemaWorkerExcluded.self, bytes).decoded()
        case .workerReadmitted: try entry.decode(SchemaWorkerReadmitted.self, bytes).decoded()
        case .workerPending: try entry.decode(SchemaWorkerPending.self, bytes).decoded()
        case .workerApproved: try entry.decode(SchemaWorkerApproved.self, bytes).decoded()
        case .workerKeyOffered: try entry.decode(SchemaWorkerKeyOffered.self, bytes).decoded()
        case .workerKeyReplaced: try entry.decode(SchemaWorkerKeyReplaced.self, bytes).decoded()
        case .tokenCreated: try entry.decode(SchemaTokenCreated.self, bytes).decoded()
        case .tokenUsed: try entry.decode(SchemaTokenUsed.self, bytes).decoded()
        case .tokenEnded: try entry.decode(SchemaTokenEnded.self, bytes).decoded()
        case .dataAdded: .dataAdded(try entry.decode(SchemaDataSet.self, bytes).decoded(.disk))
        case .pruneDecided:
            .pruneDecided(
                try entry.decode(SchemaAttemptName.self, bytes).decoded("prune_decided.attempt"))
        case .attemptEnded: try entry.decode(SchemaAttemptEnded.self, bytes).decoded()
        case .gateJudged: try entry.decode(SchemaGateJudged.self, bytes).decoded()
        case .versionRegistered: try entry.decode(SchemaModelVersion.self, bytes).decoded()
        case .aliasMoved: try entry.decode(SchemaAliasMove.self, bytes).decoded()
        case .unspecified, .UNRECOGNIZED, nil: try skipped(entry, version)
        }
    }

    private static func skipped(
        _ entry: FrameEntry, _ version: UInt32
    ) throws(WireError) -> Record? {
        try entry.skipIfOptional(version: version)
        return nil
    }
}
