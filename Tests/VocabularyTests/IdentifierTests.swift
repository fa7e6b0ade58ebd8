import Testing
import Vocabulary

@Suite struct `An identifier` {
    @Test(arguments: [1, 12, UInt32.max])
    func `of a sweep or worker is its number`(number: UInt32) {
        #expect(SweepID(number).description == "\(number)")
        #expect(SweepID(text: "\(number)") == SweepID(number))
        #expect(WorkerID(number).description == "\(number)")
        #expect(WorkerID(text: "\(number)") == WorkerID(number))
    }

    @Test(arguments: ["", "0", "-1", "1.0", " 1", "1 ", "4294967296", "x", "٣", "0x1"])
    func `of a sweep or worker is no other text`(text: String) {
        #expect(SweepID(text: text) == nil)
        #expect(WorkerID(text: text) == nil)
    }

    @Test func `of a trial is its sweep and number`() {
        let trial = TrialID(sweep: SweepID(12), number: 3)
        #expect(trial.description == "12.3")
        #expect(TrialID(text: "12.3") == trial)
        #expect(AttemptID(trial: trial, number: 2).description == "12.3#2")
    }

    @Test(arguments: [
        "", ".", "12", "12.", ".3", "0.3", "12.0", "12.3.4", "12..3", "12.3#1", "a.b",
        "12.4294967296", "-12.3",
    ])
    func `of a trial is no other text`(text: String) {
        #expect(TrialID(text: text) == nil)
    }

    @Test func `orders by number and not by text`() {
        #expect(SweepID(9) < SweepID(10))
        #expect(WorkerID(9) < WorkerID(10))
        let trials = [(1, 2), (1, 10), (2, 1), (10, 1)].map {
            TrialID(sweep: SweepID($0.0), number: $0.1)
        }
        #expect(trials.reversed().sorted() == trials)
        let attempts = trials.flatMap { trial in
            [1, 2, 10].map { AttemptID(trial: trial, number: $0) }
        }
        #expect(attempts.reversed().sorted() == attempts)
        #expect(PeerID(9) < PeerID(10))
    }
}
