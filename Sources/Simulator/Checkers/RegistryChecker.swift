import Registry
import Scheduling
import Vocabulary

/// Follows every alias by its moves alone.
///
/// It promises: a move starts where the alias is and goes to a version that exists; a decision is
/// made once; a version is made of a trial once; a rollback goes to the champion before; the gate
/// promotes only what it compared with the champion of that moment.
final class RegistryChecker {
    private let findings: Findings
    private var champions: [String: [UInt32]] = [:]
    private var aliases: [String: UInt32] = [:]
    private var versions: [String: UInt32] = [:]
    private var sources: Set<TrialID> = []
    private var decisions: Set<String> = []
    /// With which champion the sweep's winner was last compared; 0 for none.
    private var opponents: [SweepID: UInt32] = [:]
    private var verdicts: [SweepID: GateReport.Verdict] = [:]
    private(set) var promotions = 0
    private(set) var rollbacks = 0

    init(_ findings: Findings) { self.findings = findings }

    /// The versions of `model` so far.
    func versions(of model: String) -> UInt32 { versions[model] ?? 0 }

    /// The search pool compares a winner with version `opponent`, or with nobody.
    func compare(_ sweep: SweepID, with opponent: UInt32?) { opponents[sweep] = opponent ?? 0 }

    /// A record became durable.
    func observe(_ record: Record) {
        switch record {
        case .registryChanged(.versionRegistered(let version)): register(version)
        case .registryChanged(.aliasMoved(let move)): follow(move)
        case .gateJudged(let sweep, let report, _): verdicts[sweep] = report.verdict
        default: break
        }
    }

    private func register(_ version: ModelVersion) {
        let last = versions[version.model] ?? 0
        require(version.number == last + 1, "version \(version.number) follows \(last)")
        require(
            sources.insert(version.lineage.trial).inserted,
            "trial \(version.lineage.trial) became a version twice")
        versions[version.model] = version.number
    }

    private func follow(_ move: AliasMove) {
        let name = "\(move.model)@\(move.alias)"
        require(
            aliases[name] == move.from,
            "\(name) moved from \(place(move.from)) but was at \(place(aliases[name]))")
        require(
            move.to >= 1 && move.to <= versions(of: move.model),
            "\(name) moved to version \(move.to), which does not exist")
        require(
            decisions.insert(move.decision).inserted, "decision \(move.decision) was made twice")
        aliases[name] = move.to
        guard move.alias == ModelRegistry.champion else { return }
        if move.isRollback {
            rollbacks += 1
            _ = champions[move.model]?.popLast()
            require(
                champions[move.model]?.last == move.to,
                "a rollback went to version \(move.to), not to the champion before")
        } else {
            promotions += 1
            champions[move.model, default: []].append(move.to)
        }
        if move.actor == "gate" { judge(move) }
    }

    private func judge(_ move: AliasMove) {
        guard let sweep = SweepID(text: move.decision.dropFirst("sweep-".count)) else { return }
        require(
            verdicts[sweep] == .promote, "sweep \(sweep) promoted without the gate's consent")
        require(
            opponents[sweep] == move.from ?? 0,
            "sweep \(sweep) took the place of \(place(move.from)), but was compared with "
                + "\(opponents[sweep].map(String.init) ?? "nobody")")
    }

    private func place(_ version: UInt32?) -> String { version.map(String.init) ?? "nowhere" }

    private func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        findings.require(condition, "registry", sentence())
    }
}
