import SwiftProtobuf
import Vocabulary

extension SchemaTrialName {
    init(_ trial: TrialID) {
        sweep = trial.sweep.number
        self.trial = trial.number
    }

    func decoded(_ field: StaticString) throws(WireError) -> TrialID {
        try Structure.trial(sweep, trial, field)
    }
}

extension SchemaAttemptName {
    init(_ attempt: AttemptID) {
        sweep = attempt.trial.sweep.number
        trial = attempt.trial.number
        self.attempt = attempt.number
    }

    func decoded(_ field: StaticString) throws(WireError) -> AttemptID {
        try Structure.attempt(sweep, trial, attempt, field)
    }
}

extension SchemaValue {
    init(_ value: ParameterValue) {
        switch value {
        case .float(let number): kind = .float(number)
        case .integer(let number): kind = .integer(number)
        case .string(let text): kind = .text(text)
        case .boolean(let isOn): kind = .boolean(isOn)
        }
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> ParameterValue {
        switch kind {
        case .float(let number): .float(try scrutiny.finite(number, "value.float"))
        case .integer(let number): .integer(number)
        case .text(let text): .string(try scrutiny.text(text, "value.text"))
        case .boolean(let isOn): .boolean(isOn)
        case nil: throw .invalid(field: "value.kind", problem: "is missing or unknown")
        }
    }
}

extension SchemaValue {
    init(_ assignment: Assignment) {
        self.init(assignment.value)
        name = assignment.name
    }

    /// A point of a search space.
    static func point(
        _ values: [SchemaValue], _ scrutiny: Scrutiny
    ) throws(WireError) -> [Assignment] {
        try scrutiny.count(values.count, atMost: Limits.parametersPerSpace, "parameters")
        return try Structure.list(values) { value throws(WireError) in
            Assignment(
                try scrutiny.name(value.name, "value.name"), try value.decoded(scrutiny))
        }
    }
}

extension SchemaMetric {
    init(_ metric: Metric) {
        name = metric.name
        value = metric.value
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Metric {
        Metric(try scrutiny.name(name, "metric.name"), value)
    }

    /// The metrics of one report or result.
    static func report(
        _ metrics: [SchemaMetric], _ scrutiny: Scrutiny
    ) throws(WireError) -> [Metric] {
        try scrutiny.count(metrics.count, atMost: Limits.metricsPerReport, "metrics")
        return try Structure.list(metrics) { metric throws(WireError) in
            try metric.decoded(scrutiny)
        }
    }
}

extension SchemaArtifact {
    init(_ artifact: Artifact) {
        name = artifact.name
        digest = artifact.digest.data
        byteCount = artifact.byteCount
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> Artifact {
        try scrutiny.require(!name.isEmpty, "artifact.name", "is empty")
        return Artifact(
            name: try scrutiny.name(name, "artifact.name"),
            digest: try Structure.digest(digest, "artifact.digest"),
            byteCount: try scrutiny.number(
                byteCount, in: 0...Limits.artifactBytes, "artifact.byte_count"))
    }

    /// The artifacts of one attempt or version.
    static func files(
        _ artifacts: [SchemaArtifact], _ scrutiny: Scrutiny
    ) throws(WireError) -> [Artifact] {
        try scrutiny.count(artifacts.count, atMost: Limits.artifactsPerAttempt, "artifacts")
        return try Structure.list(artifacts) { artifact throws(WireError) in
            try artifact.decoded(scrutiny)
        }
    }
}
