import Execution
import Testing
import Vocabulary

@Suite struct SpoolTests {
    @Test func `results that were never acknowledged are named and sent after a restart`() {
        var bench = Bench()
        let step = bench.step([.started(unacknowledged: [.of(2), .of(1)])])
        let held = [AttemptID(1), AttemptID(2)]
        #expect(
            step.directives == [
                .connect(place: 0), .send(.hello(Hello(facts: .host(1), prefetch: 0, held: held))),
            ])
        #expect(bench.hear(.welcome(.usual)).sent == [.result(.of(1)), .result(.of(2))])
        #expect(
            bench.hear(.acknowledge(AttemptID(1), .committed)).records == [.settled(AttemptID(1))])
    }

    @Test func `files of a restored result are stored again first`() throws {
        var bench = Bench()
        let files = [Artifact(name: "model/a", digest: try digest(1), byteCount: 1)]
        let result = AttemptResult.of(1, artifacts: files)
        let step = bench.step([.started(unacknowledged: [result])])
        #expect(step.directives.first == .upload(AttemptID(1), files))
        #expect(bench.hear(.welcome(.usual)).sent.isEmpty)
        #expect(bench.step([.uploaded(AttemptID(1))]).sent == [.result(result)])
    }

    @Test func `a restored result that was fenced is forgotten`() {
        var bench = Bench()
        _ = bench.step([.started(unacknowledged: [.of(1)])])
        #expect(bench.hear(.stop(AttemptID(1), .fenced)).records == [.settled(AttemptID(1))])
        #expect(bench.hear(.welcome(.usual)).sent.isEmpty)
    }

    @Test func `a result sent before an outage goes out again after it`() {
        var bench = Bench()
        _ = bench.join()
        _ = bench.hear(.assign(.of(1)))
        _ = bench.step([.ended(.of(1))])
        _ = bench.step([.disconnected(reason: "gone")])
        _ = bench.step(after: .seconds(3))
        #expect(bench.hear(.welcome(.usual)).sent == [.result(.of(1))])
    }
}
