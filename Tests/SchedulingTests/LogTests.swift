import Scheduling
import Testing
import Vocabulary

@Suite struct LogTests {
    private let attempt = AttemptID(1, 1)
    private let question = RequestID(77)

    private func running() -> Bench {
        var bench = Bench()
        bench.join(1)
        bench.join(2)
        _ = bench.submit(.plain(trials: 1))
        return bench
    }

    private func ask(_ bench: inout Bench, offset: UInt64 = 0) -> Step {
        bench.step([.command(.readLog(attempt, offset: offset), question)])
    }

    private func part(_ request: RequestID) -> WorkerMessage {
        .log(LogPart(request: request, offset: 5, bytes: [1, 2]))
    }

    @Test func `a question goes to the worker and its answer back`() {
        var bench = running()
        let asked = ask(&bench, offset: 5)
        #expect(
            asked.messages
                == [.readLog(LogRequest(request: question, attempt: attempt, offset: 5))])
        #expect(asked.answers.isEmpty)
        let told = bench.say(part(question), as: 1)
        #expect(told.answers.map(\.1) == [.log(offset: 5, bytes: [1, 2])])
        #expect(bench.say(part(question), as: 1).answers.isEmpty)
    }

    @Test func `nobody else can answer`() {
        var bench = running()
        _ = ask(&bench)
        #expect(bench.say(part(question), as: 2).answers.isEmpty)
        #expect(bench.say(part(RequestID(78)), as: 1).answers.isEmpty)
        #expect(bench.say(part(question), as: 1).answers.count == 1)
    }

    @Test func `a worker that does not answer is not waited for`() {
        var bench = running()
        _ = ask(&bench)
        #expect(bench.coordinator.nextDeadline == bench.now + .seconds(5))
        let step = bench.step([], after: .seconds(5))
        guard case .refused(.unavailable, _)? = step.answers.first?.1 else {
            Issue.record("\(step.answers)")
            return
        }
    }

    @Test func `what does not run has no log on a worker`() {
        var bench = running()
        _ = bench.result(attempt)
        guard case .refused(.conflict, _)? = ask(&bench).answers.first?.1 else {
            Issue.record("answered")
            return
        }
    }
}
