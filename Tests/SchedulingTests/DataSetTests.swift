import Scheduling
import Testing
import Vocabulary

/// Named data sets: what a name means, and who gets the trials that need one.
struct DataSetTests {
    private func data(_ name: String = "digits", _ byte: UInt8 = 1) throws -> DataSet {
        DataSet(
            name: name, digest: try digest(byte), payload: try digest(byte + 1), byteCount: 10,
            fileCount: 1)
    }

    @Test func `a data set is noted once, and again when its name means something else`() throws {
        var bench = Bench()
        let first = try data()
        let added = bench.step([.command(.addData(first), RequestID(1))])
        #expect(added == Step([.dataAdded(first)], [.answer(RequestID(1), .done)]))
        let again = bench.step([.command(.addData(first), RequestID(2))])
        #expect(again == Step([], [.answer(RequestID(2), .done)]))
        let other = try data("digits", 7)
        #expect(
            bench.step([.command(.addData(other), RequestID(3))]).records == [.dataAdded(other)])
        // What it meant before can be meant again.
        #expect(
            bench.step([.command(.addData(first), RequestID(4))]).records == [.dataAdded(first)])
        _ = bench.restart()
        #expect(bench.coordinator.durable.dataSets == ["digits": first])
        #expect(bench.coordinator.durable.dataSetCount == 3)
    }

    @Test(arguments: ["", ".hidden", "a/b", "a b", "ü", String(repeating: "a", count: 129)])
    func `a name that sweep files could not write is refused`(name: String) throws {
        var bench = Bench()
        guard case .refused(.invalid, _)? = bench.ask(.addData(try data(name))) else {
            Issue.record("\(name) was taken")
            return
        }
        #expect(bench.journal.isEmpty)
    }

    @Test func `a worker that cannot fetch data sets gets no trial that needs one`() throws {
        var bench = Bench()
        for number in [1, 2] as [UInt32] { bench.authorize(number) }
        let old = Hello(
            facts: .host(1, cpus: 4), prefetch: 0, held: [], takesDataSets: false)
        _ = bench.step([
            .received(.hello(old), from: PeerID(number: 1), worker: WorkerID(1))
        ])
        var spec = SweepSpec.plain(trials: 2)
        let set = try data()
        spec.dataSet = set
        spec.experiments[0].program = Program(action: .command(["true"]))
        spec.experiments[0].trainer = .command
        spec.code = CodeBundle(digest: try digest(9), byteCount: 3)
        let sweep = bench.submit(spec)
        guard
            case .explanation(let sentences)? = bench.ask(
                .explain(TrialID(sweep: sweep, number: 1)))
        else {
            Issue.record("there is no explanation")
            return
        }
        #expect(sentences.contains { $0.contains("cannot fetch data sets") }, "\(sentences)")
        let leases = bench.hello(2).leases
        #expect(leases.map(\.dataSet) == [set])
        #expect(leases.first?.inputs.contains(set.digest) == true)
    }
}
