import Scheduling
import Testing
import Vocabulary

/// Workers that change their keys.
struct KeyTests {
    private let aside = PeerID(555)

    private func offer(_ key: String, _ bench: inout Bench) -> Step {
        bench.step([.received(.rotate(key: key), from: aside, worker: WorkerID(1))])
    }

    private func admission(_ number: UInt32, _ key: String) -> Admission {
        Admission(user: .worker(WorkerID(1), keyNumber: number), key: key)
    }

    @Test func `a new key is let in beside the old one until it is used`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.submit(.plain(trials: 1))
        #expect(
            offer("new", &bench)
                == Step(
                    [.workerKeyOffered(WorkerID(1), key: "new")],
                    [
                        .admit([admission(0, "key-1"), admission(1, "new")]),
                        .send(.rotated, to: aside),
                    ]))
        // The connection of the old key goes on meanwhile.
        #expect(
            bench.say(.renew(Renewal(prefetch: 0, held: [AttemptID(1, 1)])), as: 1).messages == [
                .renewed
            ])
        _ = bench.restart()
        let used = bench.step([.keyUsed(WorkerID(1), keyNumber: 1)])
        #expect(
            used
                == Step(
                    [.workerKeyReplaced(WorkerID(1))], [.admit([admission(1, "new")])],
                    [.workerKeyReplaced(WorkerID(1))]))
        // What runs goes on under the same number.
        let back = bench.hello(1, held: [AttemptID(1, 1)], on: PeerID(8))
        #expect(back.records.count == 1 && back.messages.count == 1)
        #expect(bench.coordinator.durable[WorkerID(1)]?.keys.current == "new")
    }

    @Test func `a hello with the old key ends nothing`() {
        var bench = Bench()
        bench.join(1)
        _ = offer("new", &bench)
        #expect(bench.step([.keyUsed(WorkerID(1), keyNumber: 0)]) == Step())
        #expect(bench.step([.keyUsed(WorkerID(9), keyNumber: 1)]) == Step())
    }

    @Test func `offering the same key again changes nothing`() {
        var bench = Bench()
        bench.join(1)
        _ = offer("new", &bench)
        #expect(offer("new", &bench) == Step([], [.send(.rotated, to: aside)]))
        _ = bench.step([.keyUsed(WorkerID(1), keyNumber: 1)])
        #expect(offer("new", &bench) == Step([], [.send(.rotated, to: aside)]))
    }

    @Test func `a key that was offered before proves nothing about the one offered last`() {
        var bench = Bench()
        bench.join(1)
        _ = offer("second", &bench)
        _ = offer("third", &bench)
        #expect(bench.step([.keyUsed(WorkerID(1), keyNumber: 1)]) == Step())
        let used = bench.step([.keyUsed(WorkerID(1), keyNumber: 2)])
        #expect(used.directives == [.admit([admission(2, "third")])])
    }

    @Test func `the keys of others cannot be taken`() {
        var bench = Bench()
        bench.join(1)
        bench.join(2)
        bench.join(3)
        _ = bench.ask(.revoke(WorkerID(3)))
        _ = bench.ask(
            .createToken(
                TokenTerms(
                    key: "token", uses: 1, needsApproval: false, lifetime: .seconds(60),
                    expires: 60_000)))
        for key in ["key-2", "key-3", "token"] {
            let step = offer(key, &bench)
            #expect(step.records.isEmpty)
            guard case .reject? = step.messages.first else {
                Issue.record("\(key) was taken")
                continue
            }
        }
        // A key on offer is taken as well.
        _ = offer("new", &bench)
        #expect(bench.ask(.authorize(name: "x", key: "new")) == .worker(WorkerID(1)))
    }

    @Test func `a revoked worker loses the key on offer too`() {
        var bench = Bench()
        bench.join(1)
        _ = offer("new", &bench)
        let step = bench.step([.command(.revoke(WorkerID(1)), RequestID(9))])
        #expect(step.directives.contains(.admit([])))
        #expect(bench.step([.keyUsed(WorkerID(1), keyNumber: 1)]).records.isEmpty)
        #expect(offer("another", &bench).records.isEmpty)
    }

    @Test(arguments: [
        ("7.0", AdmittedUser.worker(WorkerID(7), keyNumber: 0)),
        ("7.12", .worker(WorkerID(7), keyNumber: 12)), ("join-3", .token(TokenID(3))),
        ("wait-4", .pending(WorkerID(4))),
    ])
    func `a user id reads back as it was written`(text: String, user: AdmittedUser) {
        #expect(AdmittedUser(text: text) == user)
        #expect(user.description == text)
    }

    @Test(arguments: [
        "", "7", "0.0", "7.", ".1", "7.-1", "7.0.0", "join-", "join-0", "join-1.0", "join-join-1",
        "Join-1", "wait-", "wait-0", "wait-1.0", " 7.0",
    ])
    func `what is no user id is nobody`(text: String) {
        #expect(AdmittedUser(text: text) == nil)
    }
}
