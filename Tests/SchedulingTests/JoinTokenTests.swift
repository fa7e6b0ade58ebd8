import Scheduling
import Testing
import Vocabulary

/// Hosts that enrol themselves with a join token.
struct JoinTokenTests {
    private static let terms = TokenTerms(
        key: "token-key", uses: 1, needsApproval: false, lifetime: .seconds(3600),
        expires: 3_600_000)
    private let token = TokenID(1)
    private let peer = PeerID(7)

    private func terms(
        uses: UInt32 = 1, needsApproval: Bool = false, key: String = "token-key"
    ) -> TokenTerms {
        var terms = Self.terms
        terms.uses = uses
        terms.needsApproval = needsApproval
        terms.key = key
        return terms
    }

    private func enrol(_ key: String = "oven-key", name: String = "oven") -> WorkerMessage {
        .enrol(Enrolment(key: key, name: name, facts: .host(1, cpus: 2)))
    }

    private func knock(
        _ message: WorkerMessage, _ bench: inout Bench, after span: Duration = .zero
    ) -> Step {
        bench.step([.knocked(message, from: peer, token: token)], after: span)
    }

    private func worker(_ number: UInt32, _ key: String) -> Admission {
        Admission(user: .worker(WorkerID(number), keyNumber: 0), key: key)
    }

    @Test func `a host enrols, and then is a worker by its own key alone`() {
        var bench = Bench()
        let made = bench.step([.command(.createToken(terms()), RequestID(1))])
        #expect(
            made
                == Step(
                    [.tokenCreated(token, terms())],
                    [
                        .admit([Admission(user: .token(token), key: "token-key")]),
                        .answer(RequestID(1), .token(token)),
                    ]))
        #expect(
            knock(enrol(), &bench)
                == Step(
                    [
                        .workerAuthorized(WorkerID(1), name: "oven", key: "oven-key"),
                        .tokenUsed(token, WorkerID(1)),
                    ],
                    [
                        .admit([worker(1, "oven-key")]),
                        .send(.enrolled(WorkerID(1), isPending: false), to: peer),
                    ],
                    [.workerEnrolled(WorkerID(1), token, isPending: false)]))
        guard case .welcome? = bench.hello(1).messages.first else {
            Issue.record("the enrolled worker is not welcome")
            return
        }
    }

    @Test func `enrolling the same key twice costs one use`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms(uses: 2)))
        _ = knock(enrol(), &bench)
        for _ in 0..<3 {
            #expect(
                knock(enrol(name: "other"), &bench)
                    == Step([], [.send(.enrolled(WorkerID(1), isPending: false), to: peer)]))
        }
        #expect(bench.coordinator.durable[token]?.workers == [WorkerID(1)])
        #expect(knock(enrol("second"), &bench).records.count == 2)
        // Used up, but whoever used it may not have heard the answer.
        #expect(knock(enrol(), &bench).messages == [.enrolled(WorkerID(1), isPending: false)])
    }

    @Test func `a replayed token that was used up changes nothing`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms()))
        _ = knock(enrol(), &bench)
        let before = bench.coordinator.durable
        let step = knock(enrol("stranger"), &bench)
        #expect(step.records.isEmpty)
        #expect(step.messages == [.reject(reason: "this join token was used up")])
        #expect(step.directives.count == 1 && step.notes.count == 1)
        #expect(bench.coordinator.durable == before)
    }

    @Test func `whatever else a token's holder says changes nothing`() {
        var bench = Bench()
        bench.join(1)
        _ = bench.ask(.createToken(terms(uses: 5)))
        _ = bench.submit(.plain(trials: 2))
        let attempt = AttemptID(1, 1)
        let before = bench.coordinator.durable
        let messages: [WorkerMessage] = [
            .hello(Hello(facts: .host(1, cpus: 9), prefetch: 9, held: [])),
            .renew(Renewal(prefetch: 9, held: [])), .result(.of(attempt)),
            .report([MetricReport(attempt: attempt, step: 1, metrics: [Metric("loss", 1)])]),
            .draining(reason: "tired"), .goodbye, .rotate(key: "other"),
            .log(LogPart(request: RequestID(1), offset: 0, bytes: [1])),
        ]
        for message in messages {
            // Also on the connection of a worker, should a socket ever confuse the two.
            for peer in [peer, PeerID(number: 1)] {
                let step = bench.step([.knocked(message, from: peer, token: token)])
                #expect(step.records.isEmpty && step.directives.isEmpty)
                #expect(
                    step.notes == [
                        .enrolmentRefused(token, reason: "it said what only workers may say")
                    ])
            }
        }
        #expect(bench.coordinator.durable == before)
        // The worker's own words do count.
        #expect(!bench.result(attempt).records.isEmpty)
    }

    @Test func `a worker that sends an enrolment is not enrolled again`() {
        var bench = Bench()
        bench.join(1)
        let step = bench.say(enrol("another-key"), as: 1)
        #expect(step.records.isEmpty && step.directives.isEmpty && step.notes.count == 1)
    }

    @Test func `a token ends when its time is over, and is let in no longer`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms()))
        #expect(bench.coordinator.nextDeadline == .zero + .seconds(3600))
        #expect(bench.step([.tick], after: .seconds(3599)).records.isEmpty)
        let step = bench.step([], after: .seconds(1))
        #expect(step == Step([.tokenEnded(token, .expired)], [.admit([])]))
        #expect(bench.coordinator.nextDeadline == nil)
        #expect(
            knock(enrol(), &bench).messages
                == [.reject(reason: "this join token was revoked or has expired")])
    }

    @Test func `an enrolment in the very step in which the time is over comes too late`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms()))
        let step = knock(enrol(), &bench, after: .seconds(3600))
        #expect(step.records == [.tokenEnded(token, .expired)])
        #expect(bench.coordinator.durable.workers.isEmpty)
    }

    @Test func `a revoked token is let in no longer, and its workers stay`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms(uses: 3)))
        _ = knock(enrol(), &bench)
        let step = bench.step([.command(.revokeToken(token), RequestID(9))])
        #expect(
            step
                == Step(
                    [.tokenEnded(token, .revoked)],
                    [.admit([worker(1, "oven-key")]), .answer(RequestID(9), .done)]))
        #expect(knock(enrol("late"), &bench).records.isEmpty)
        #expect(bench.ask(.revokeToken(token)) == .done)
        #expect(
            bench.ask(.revokeToken(TokenID(2)))
                == .refused(.notFound, reason: "there is no join token 2"))
    }

    @Test func `after a restart the time of day says what is left of a token`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms()))
        let admitted = Directive.admit([Admission(user: .token(token), key: "token-key")])
        #expect(bench.restart(wallMilliseconds: 3_599_000).directives == [admitted])
        #expect(bench.coordinator.nextDeadline == bench.now + .seconds(1))
        // A clock that was set back makes no token last longer than it was made for.
        _ = bench.restart(wallMilliseconds: -1_000_000_000)
        #expect(bench.coordinator.nextDeadline == bench.now + .seconds(3600))
        let late = bench.restart(wallMilliseconds: 3_600_000)
        #expect(late == Step([.tokenEnded(token, .expired)], [.admit([])]))
        #expect(bench.restart(wallMilliseconds: .min).directives == [.admit([])])
    }

    @Test func `a token that asks for approval lets nobody in before`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms(needsApproval: true)))
        let step = knock(enrol(), &bench)
        #expect(
            step.records == [
                .workerPending(WorkerID(1), name: "oven", key: "oven-key", .host(1, cpus: 2)),
                .tokenUsed(token, WorkerID(1)),
            ])
        #expect(
            step.directives == [
                .admit([Admission(user: .pending(WorkerID(1)), key: "oven-key")]),
                .send(.enrolled(WorkerID(1), isPending: true), to: peer),
            ])
        _ = bench.submit(.plain(trials: 1))
        let reason = "this worker waits for a person's approval"
        #expect(bench.hello(1) == Step([], [.send(.reject(reason: reason), to: PeerID(number: 1))]))
        _ = bench.restart()
        let approved = bench.step([.command(.approve(WorkerID(1)), RequestID(9))])
        #expect(
            approved
                == Step(
                    [.workerApproved(WorkerID(1))],
                    [
                        .admit([worker(1, "oven-key")]),
                        .answer(RequestID(9), .worker(WorkerID(1))),
                    ]))
        #expect(bench.hello(1).placed == ["1.1#1 on 1"])
        #expect(bench.ask(.approve(WorkerID(1))) == .worker(WorkerID(1)))
    }

    @Test func `a pending worker can be turned away for good`() {
        var bench = Bench()
        _ = bench.ask(.createToken(terms(uses: 2, needsApproval: true)))
        _ = knock(enrol(), &bench)
        #expect(bench.ask(.revoke(WorkerID(1))) == .done)
        #expect(
            bench.ask(.approve(WorkerID(1)))
                == .refused(.conflict, reason: "worker 1 was revoked"))
        // Not even with the uses that are left.
        let step = knock(enrol(), &bench)
        #expect(step.records.isEmpty)
        #expect(
            step.messages == [
                .reject(
                    reason: "the key of this worker was revoked: join with a new state folder")
            ])
        #expect(
            bench.ask(.approve(WorkerID(9))) == .refused(.notFound, reason: "there is no worker 9"))
    }

    @Test func `no key is a token's and a worker's at once`() {
        var bench = Bench()
        bench.join(1)
        let conflict = Answer.refused(.conflict, reason: "the key belongs to a worker")
        #expect(bench.ask(.createToken(terms(key: "key-1"))) == conflict)
        _ = bench.ask(.revoke(WorkerID(1)))
        #expect(bench.ask(.createToken(terms(key: "key-1"))) == conflict)
        #expect(bench.ask(.createToken(terms(uses: 3))) == .token(token))
        #expect(
            bench.ask(.authorize(name: "x", key: "token-key"))
                == .refused(.conflict, reason: "the key belongs to a join token"))
        #expect(knock(enrol("token-key"), &bench).records.isEmpty)
        _ = bench.ask(.revokeToken(token))
        #expect(
            bench.ask(.authorize(name: "x", key: "token-key"))
                == .refused(.conflict, reason: "the key belongs to a join token"))
    }

    @Test func `the same token asked for twice is made once`() {
        var bench = Bench()
        #expect(bench.ask(.createToken(terms())) == .token(token))
        var again = terms()
        again.expires += 5
        #expect(bench.ask(.createToken(again)) == .token(token))
        #expect(bench.coordinator.durable.tokens.count == 1)
        #expect(
            bench.ask(.createToken(terms(uses: 2)))
                == .refused(.conflict, reason: "another join token has this key"))
    }

    @Test(arguments: [
        TokenTerms(key: "a", uses: 0, needsApproval: false, lifetime: .seconds(1), expires: 1),
        TokenTerms(key: "a", uses: 10_001, needsApproval: false, lifetime: .seconds(1), expires: 1),
        TokenTerms(key: "a", uses: 1, needsApproval: false, lifetime: .zero, expires: 1),
        TokenTerms(
            key: "a", uses: 1, needsApproval: false, lifetime: .seconds(31 * 86_400), expires: 1),
    ])
    func `terms that cannot be are refused`(terms: TokenTerms) {
        var bench = Bench()
        guard case .refused(.invalid, _)? = bench.ask(.createToken(terms)) else {
            Issue.record("\(terms) were accepted")
            return
        }
        #expect(bench.journal.isEmpty)
    }

    @Test func `tokens in force are limited, those that ended do not count`() {
        var bench = Bench()
        for number in 1...Limits.liveTokens {
            _ = bench.ask(.createToken(terms(key: "key \(number)")))
        }
        guard case .refused(.limit, _)? = bench.ask(.createToken(terms(key: "more"))) else {
            Issue.record("there is no limit")
            return
        }
        _ = bench.ask(.revokeToken(TokenID(5)))
        #expect(bench.ask(.createToken(terms(key: "more"))) == .token(TokenID(1001)))
    }
}
