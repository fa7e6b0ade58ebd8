import Registry
import Scheduling
import Search
import Vocabulary

/// The search pool: the real samplers and the real gate, after a while.
extension World {
    func answer(_ request: SuggestionRequest) {
        let points = Sampler.suggest(
            request.sampler, space: request.space, history: request.history,
            first: UInt64(request.first), count: Int(request.count), seed: request.seed)
        tellCoordinator(
            .suggested(
                Suggestions(
                    sweep: request.sweep, experiment: request.experiment, first: request.first,
                    points: points, asked: request.count)),
            after: random.span(upTo: .milliseconds(random.chance(0.1) ? 5000 : 100)))
    }

    func answer(_ request: JudgementRequest) {
        let opponent = request.champion.flatMap { store.version(scoredIn: $0) }
        registryChecker.compare(request.sweep, with: opponent)
        tellCoordinator(
            .judged(request.sweep, judgement(request)),
            after: random.span(upTo: random.chance(0.5) ? .milliseconds(100) : .seconds(20)))
    }

    private func judgement(_ request: JudgementRequest) -> Judgement {
        guard let challenger = store.losses(request.challenger) else {
            return .impossible("the losses of the challenger are missing")
        }
        let champion = request.champion.flatMap { store.losses($0) }
        guard request.champion == nil || champion != nil else {
            return .impossible("the losses of the champion are missing")
        }
        do throws(GateError) {
            return .report(
                try Gate.judge(
                    GateQuestion(
                        challenger: challenger, champion: champion, policy: request.policy,
                        seed: request.seed)))
        } catch {
            return .impossible("\(error)")
        }
    }
}
