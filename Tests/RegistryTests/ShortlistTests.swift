import Registry
import Testing
import Vocabulary

struct ShortlistTests {
    private func trial(_ number: UInt32) -> TrialID { Fixtures.trial(number) }

    @Test
    func `finalists are the best, the older first among equals`() {
        let candidates: [(trial: TrialID, value: Double)] = [
            (trial(5), 2), (trial(1), 3), (trial(4), 2), (trial(2), .nan), (trial(3), 1),
            (trial(6), -.infinity),
        ]
        let best = { (goal: Objective.Goal, count: Int) in
            Shortlist.finalists(of: candidates, goal: goal, count: count).map(\.number)
        }
        #expect(best(.minimize, 3) == [3, 4, 5])
        #expect(best(.maximize, 3) == [1, 4, 5])
        #expect(best(.minimize, 99) == [3, 4, 5, 1])
        #expect(best(.minimize, 0).isEmpty)
        #expect(best(.minimize, -1).isEmpty)
    }

    @Test
    func `the winner has the best mean and is represented by its median retraining`() throws {
        let confirmations = [
            confirm(1, by: 11, 1), confirm(1, by: 12, 9), confirm(1, by: 13, 2),
            confirm(2, by: 21, 3), confirm(2, by: 22, 3.5), confirm(2, by: 23, 4),
        ]
        let low = try #require(Shortlist.winner(confirmations: confirmations, goal: .minimize))
        #expect(low.finalist == trial(2))
        #expect(low.representative == trial(22))
        let high = try #require(
            Shortlist.winner(confirmations: confirmations.reversed(), goal: .maximize))
        #expect(high.finalist == trial(1))
        #expect(high.representative == trial(13))
    }

    @Test
    func `finalists with fewer finished seeds do not compete`() throws {
        let confirmations = [
            confirm(1, by: 11, 0.1), confirm(1, by: 12, .nan),
            confirm(2, by: 21, 5), confirm(2, by: 22, 4),
        ]
        let winner = try #require(
            Shortlist.winner(confirmations: confirmations, goal: .minimize))
        #expect(winner.finalist == trial(2))
        #expect(winner.representative == trial(22))
    }

    @Test
    func `ties go to the older finalist and the older retraining`() throws {
        let confirmations = [
            confirm(7, by: 72, 1), confirm(7, by: 71, 1), confirm(3, by: 32, 1),
            confirm(3, by: 31, 1),
        ]
        let winner = try #require(
            Shortlist.winner(confirmations: confirmations, goal: .maximize))
        #expect(winner.finalist == trial(3))
        #expect(winner.representative == trial(31))
    }

    @Test
    func `without a finished retraining there is no winner`() {
        #expect(Shortlist.winner(confirmations: [], goal: .minimize) == nil)
        let failed = [confirm(1, by: 11, .nan)]
        #expect(Shortlist.winner(confirmations: failed, goal: .minimize) == nil)
    }

    private func confirm(_ finalist: UInt32, by number: UInt32, _ value: Double)
        -> Registry.Confirmation
    {
        Registry.Confirmation(finalist: trial(finalist), trial: trial(number), value: value)
    }
}
