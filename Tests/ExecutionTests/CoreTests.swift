import Execution
import Testing
import Vocabulary

/// Which CPUs trials are pinned to.
@Suite struct CoreTests {
    private func joined(_ nodes: [[UInt32]]) -> Bench {
        var bench = Bench(
            cpus: UInt32(nodes.joined().count), cores: CoreMap(nodes: nodes))
        _ = bench.join()
        return bench
    }

    @Test func `each trial has CPUs of its own, and gives them back`() {
        var bench = joined([[0, 1, 2, 3]])
        #expect(bench.hear(.assign(.of(1))).cores == [[0]])
        #expect(bench.hear(.assign(.of(2, cpus: 2))).cores == [[1, 2]])
        #expect(bench.hear(.assign(.of(3))).cores == [[3]])
        #expect(bench.hear(.assign(.of(4, cpus: 2))).cores == [])
        #expect(bench.step([.ended(.of(1, seconds: 0.1))]).cores == [])
        #expect(bench.step([.ended(.of(3, seconds: 0.1))]).cores == [[0, 3]])
    }

    @Test func `CPUs of one node are preferred, of the one with the least to spare`() {
        var bench = joined([[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(bench.hear(.assign(.of(1, cpus: 2))).cores == [[0, 1]])
        #expect(bench.hear(.assign(.of(2))).cores == [[2]])
        #expect(bench.hear(.assign(.of(3, cpus: 3))).cores == [[4, 5, 6]])
        #expect(bench.hear(.assign(.of(4, cpus: 2))).cores == [[3, 7]])
    }

    @Test func `threads of one core go to one trial`() {
        var bench = joined([[0, 4, 1, 5, 2, 6, 3, 7]])
        #expect(bench.hear(.assign(.of(1, cpus: 2))).cores == [[0, 4]])
        #expect(bench.hear(.assign(.of(2, cpus: 4))).cores == [[1, 2, 5, 6]])
    }

    @Test func `a trial that is ended still has its CPUs until it has ended`() {
        var bench = joined([[0, 1]])
        _ = bench.hear(.assign(.of(1)))
        _ = bench.hear(.stop(AttemptID(1), .cancelled))
        #expect(bench.hear(.assign(.of(2))).cores == [[1]])
    }

    @Test func `what runs in the worker itself is not pinned, nor where nothing is`() {
        var bench = joined([[0, 1]])
        var lease = Lease.of(1)
        lease.trainer = .noop
        #expect(bench.hear(.assign(lease)).cores == [[]])
        var plain = Bench(cpus: 2)
        _ = plain.join()
        #expect(plain.hear(.assign(.of(1))).cores == [[]])
    }
}
