import SwiftProtobuf
import Vocabulary

extension SchemaProgram {
    init(_ program: Program) {
        switch program.action {
        case .python(let entry, let isReused):
            self.entry = entry
            self.isReused = isReused
        case .command(let words): command = words
        }
        switch program.environment {
        case .system: break
        case .requirements(let path): requirements = path
        case .image(let name): image = name
        }
        readsOutput = program.readsOutput
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Program {
        let action: Program.Action
        if hasEntry {
            action = .python(
                entry: try scrutiny.text(entry, "program.entry"), isReused: isReused)
        } else {
            try scrutiny.count(command.count, atMost: Limits.commandWords, "program.command")
            guard !command.isEmpty else {
                throw .invalid(field: "program", problem: "has neither an entry nor a command")
            }
            action = .command(
                try Structure.list(command) { word throws(WireError) in
                    try scrutiny.text(word, "program.command")
                })
        }
        return Program(
            action: action,
            environment: try environment(scrutiny), readsOutput: readsOutput)
    }
}

extension SchemaProgram {
    private func environment(_ scrutiny: Scrutiny) throws(WireError) -> EnvironmentSpec {
        if hasRequirements {
            return .requirements(try scrutiny.text(requirements, "program.requirements"))
        }
        guard hasImage else { return .system }
        return .image(try scrutiny.text(image, "program.image"))
    }
}

extension SchemaCodeBundle {
    init(_ code: CodeBundle) {
        digest = code.digest.data
        byteCount = code.byteCount
        if let hash = code.commit { commit = hash }
        if let name = code.branch { branch = name }
        isDirty = code.isDirty
        if let hash = code.difference { difference = hash.data }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> CodeBundle {
        CodeBundle(
            digest: try Structure.digest(digest, "code.digest"),
            byteCount: try scrutiny.number(
                byteCount, in: 0...Limits.artifactBytes, "code.byte_count"),
            commit: hasCommit ? try scrutiny.name(commit, "code.commit") : nil,
            branch: hasBranch ? try scrutiny.text(branch, "code.branch") : nil,
            isDirty: isDirty,
            difference: hasDifference
                ? try Structure.digest(difference, "code.difference") : nil)
    }
}

extension SchemaCheckpoint {
    init(_ checkpoint: Checkpoint) {
        step = checkpoint.step
        digest = checkpoint.digest.data
        byteCount = checkpoint.byteCount
        if let value = checkpoint.objective { objective = value }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Checkpoint {
        Checkpoint(
            step: try scrutiny.number(step, in: 1...UInt64.max, "checkpoint.step"),
            digest: try Structure.digest(digest, "checkpoint.digest"),
            byteCount: try scrutiny.number(
                byteCount, in: 0...Limits.artifactBytes, "checkpoint.byte_count"),
            objective: hasObjective
                ? try scrutiny.finite(objective, "checkpoint.objective") : nil)
    }
}

extension SchemaAttemptCheckpoint {
    init(_ attempt: AttemptID, _ checkpoint: Checkpoint) {
        sweep = attempt.trial.sweep.number
        trial = attempt.trial.number
        self.attempt = attempt.number
        self.checkpoint = SchemaCheckpoint(checkpoint)
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> (AttemptID, Checkpoint) {
        (
            try Structure.attempt(sweep, trial, attempt, "checkpoint.attempt"),
            try checkpoint.decoded(scrutiny)
        )
    }
}
