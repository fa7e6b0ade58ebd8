import Vocabulary

/// The three fields that say what an attempt is to do.
protocol TaskFields {
    var task: SchemaTask { get set }
    var finalist: SchemaTrialName { get set }
    var hasFinalist: Bool { get }
    var scored: SchemaVersionName { get set }
    var hasScored: Bool { get }
}

extension SchemaLease: TaskFields {}
extension SchemaTrialCreated: TaskFields {}

extension TaskFields {
    mutating func setTask(_ task: TrialTask) {
        switch task {
        case .search: self.task = .search
        case .confirm(let finalist):
            self.task = .confirm
            self.finalist = SchemaTrialName(finalist)
        case .score(let model, let version):
            self.task = .score
            scored.model = model
            scored.version = version
        }
    }

    func decodedTask(_ scrutiny: Scrutiny) throws(WireError) -> TrialTask {
        switch task {
        case .search: return .search
        case .confirm: return .confirm(finalist: try finalist.decoded("finalist"))
        case .score:
            return .score(
                model: try scrutiny.name(scored.model, "scored.model"),
                version: try Structure.positive(scored.version, "scored.version"))
        case .unspecified, .UNRECOGNIZED:
            throw .invalid(field: "task", problem: "is missing or unknown")
        }
    }
}
