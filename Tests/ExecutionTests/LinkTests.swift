import Execution
import Testing
import Vocabulary

@Suite struct LinkTests {
    private let hello = WorkerMessage.hello(Hello(facts: .host(1), prefetch: 0, held: []))

    @Test func `a worker connects at once and says hello`() {
        var bench = Bench()
        #expect(bench.step() == WorkerStep([], [.connect(place: 0), .send(hello)]))
        #expect(bench.worker.nextDeadline == .zero + .seconds(5))
    }

    @Test func `a welcome joins it until the next renewal`() {
        var bench = Bench()
        #expect(bench.join() == WorkerStep([], [], [.joined(WorkerID(1))]))
        #expect(bench.worker.nextDeadline == .zero + .seconds(2))
        #expect(
            bench.step(after: .seconds(2)).sent == [.renew(Renewal(prefetch: 0, held: []))])
        #expect(bench.worker.nextDeadline == .zero + .seconds(4))
    }

    @Test func `without a welcome it connects anew`() {
        var bench = Bench()
        _ = bench.step()
        let step = bench.step(after: .seconds(5))
        #expect(step.notes == [.disconnected(reason: "the coordinator does not answer")])
        let again = bench.step(after: .seconds(2))
        #expect(again.directives == [.connect(place: 0), .send(hello)])
    }

    @Test func `a place without a welcome is left for the next, one with a welcome is kept`() {
        var bench = Bench(places: 3)
        #expect(bench.step().directives.first == .connect(place: 0))
        for place in [1, 2, 0, 1] {
            _ = bench.step(after: .seconds(5))
            #expect(bench.step(after: .seconds(2)).directives.first == .connect(place: place))
        }
        _ = bench.hear(.welcome(.usual))
        _ = bench.step([.disconnected(reason: "it was cut")])
        #expect(bench.step(after: .seconds(2)).directives.first == .connect(place: 1))
        _ = bench.step([.disconnected(reason: "it was cut")])
        #expect(bench.step(after: .seconds(2)).directives.first == .connect(place: 2))
    }

    @Test func `a silent coordinator is given up after the lease and trials run on`() {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        for _ in 0..<4 { #expect(bench.step(after: .seconds(2)).sent.count == 1) }
        let step = bench.step(after: .seconds(2))
        #expect(step == WorkerStep([], [], [.disconnected(reason: "the coordinator went silent")]))
        let back = bench.step(after: .seconds(2))
        #expect(
            back.directives == [
                .connect(place: 0),
                .send(.hello(Hello(facts: .host(1), prefetch: 0, held: [AttemptID(1)]))),
            ])
    }

    @Test func `every word of the coordinator proves that it lives`() {
        var bench = Bench()
        _ = bench.join()
        for _ in 0..<5 { _ = bench.hear(.renewed, after: .seconds(8)) }
        let isJoined = bench.worker.isJoined
        #expect(isJoined)
    }

    @Test func `waits grow up to two seconds, are drawn, and start over after a welcome`() {
        var longest = Duration.zero
        for seed in UInt64(1)...40 {
            var bench = Bench(seed: seed)
            for round in 0..<8 {
                _ = bench.step(after: .seconds(3))
                _ = bench.step([.disconnected(reason: "gone")])
                let wait = (bench.worker.nextDeadline ?? bench.now) - bench.now
                #expect(wait >= .milliseconds(50) && wait <= .seconds(2))
                if round == 0 { #expect(wait <= .milliseconds(200)) }
                longest = max(longest, wait)
            }
            _ = bench.step(after: .seconds(3))
            _ = bench.hear(.welcome(.usual))
            _ = bench.step([.disconnected(reason: "gone")])
            #expect((bench.worker.nextDeadline ?? bench.now) - bench.now <= .milliseconds(200))
        }
        #expect(longest > .seconds(1))
    }

    @Test func `a refusal is tried again much later`() {
        var bench = Bench()
        _ = bench.step()
        #expect(bench.hear(.reject(reason: "who?")).notes == [.refused(reason: "who?")])
        #expect(bench.worker.nextDeadline == .zero + .seconds(10))
    }

    @Test func `it says hello once however often it is asked to`() {
        var bench = Bench()
        _ = bench.join()
        let step = bench.step([.received(.resync), .received(.resync)])
        #expect(step == WorkerStep([], [.send(hello)]))
        #expect(bench.hear(.resync) == WorkerStep())
        #expect(bench.hear(.welcome(.usual)).notes == [.joined(WorkerID(1))])
    }

    @Test func `an unacknowledged result does not keep it busy during an outage`() {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.ended(.of(1))])
        _ = bench.step([.disconnected(reason: "gone")])
        // The bench checks that the next deadline lies ahead.
        for _ in 0..<20 { _ = bench.step(after: .seconds(1)) }
    }
}
