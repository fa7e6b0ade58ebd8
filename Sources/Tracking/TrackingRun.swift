package import Vocabulary

/// The one run that a tracking server knows: what a client logged, as it may ask for it again.
package struct TrackingRun: Sendable {
    /// The most metrics, parameters and tags that are kept, each; later ones are accepted and
    /// forgotten, because a full memory is no reason to fail somebody's training.
    package static let entries = 2_000

    /// The run's name on the wire.
    package let id: String
    /// The experiment's name.
    package let experiment: String
    /// Milliseconds since 1970.
    let started: Int64
    var status = "RUNNING"
    var ended: Int64?
    var name: String
    /// The last value of each metric.
    private(set) var metrics: [LoggedMetric] = []
    /// What was logged as parameters, in order.
    private(set) var parameters: [KeyedText] = []
    /// What was logged as tags, in order.
    private(set) var tags: [KeyedText] = []

    /// A run that has just begun.
    ///
    /// - Parameters:
    ///   - id: A letter or digit, then letters, digits, `-` or `_`, as MLflow's client checks.
    ///   - experiment: The experiment's name.
    ///   - name: What people read.
    ///   - started: Milliseconds since 1970.
    package init(id: String, experiment: String, name: String, started: Int64) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.started = started
    }

    mutating func log(_ metric: LoggedMetric) {
        if let index = metrics.firstIndex(where: { $0.key == metric.key }) {
            // The real server keeps the value of the largest step and, within it, the latest.
            if metric.step >= metrics[index].step { metrics[index] = metric }
        } else if metrics.count < Self.entries {
            metrics.append(metric)
        }
    }

    mutating func setParameter(_ entry: KeyedText) { Self.set(entry, in: &parameters) }

    mutating func setTag(_ entry: KeyedText) { Self.set(entry, in: &tags) }

    mutating func deleteTag(_ key: String) { tags.removeAll { $0.key == key } }

    private static func set(_ entry: KeyedText, in entries: inout [KeyedText]) {
        if let index = entries.firstIndex(where: { $0.key == entry.key }) {
            entries[index] = entry
        } else if entries.count < Self.entries {
            entries.append(entry)
        }
    }
}

/// What a client logged of one step: a point of the learning curve.
package struct TrackedReport: Hashable, Sendable {
    /// The step, from 1: MLflow's first step is 0, so theirs plus 1.
    package let step: UInt64
    /// The values, in the order in which they were sent.
    package let metrics: [Metric]
}

/// A parameter or a tag on the wire.
struct KeyedText: Hashable, Sendable, Codable {
    var key: String
    var value: String
}

/// A metric on the wire.
struct LoggedMetric: Hashable, Sendable, Codable {
    var key: String
    var value: Double
    var timestamp: Int64
    var step: Int64

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        key = try container.decode(String.self, forKey: .key)
        value = try container.decode(Double.self, forKey: .value)
        timestamp = try container.decodeIfPresent(Int64.self, forKey: .timestamp) ?? 0
        step = try container.decodeIfPresent(Int64.self, forKey: .step) ?? 0
    }

    private enum CodingKeys: String, CodingKey {
        case key, value, timestamp, step
    }

    /// The step as the rest of the program counts it; a negative one, which MLflow's client lets
    /// through, counts as the first.
    var reportedStep: UInt64 { UInt64(max(0, step)) + 1 }
}
