import API
import Client
import Registry
import Testing
import Vocabulary

/// What comes from outside is shown, never obeyed.
struct HostileTextTests {
    private static let attacks = [
        "\u{1B}[2J\u{1B}[H", "\u{1B}]0;title\u{7}", "a\r\nb", "\u{9B}31m", "\u{202E}evil",
        "\u{2066}x\u{2069}", "tab\tbell\u{7}", "\u{7F}", "\u{0}", "\u{2028}", "\u{E0041}",
    ]

    private func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n"
                || !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || (0x202A...0x202E).contains(scalar.value)
                    || (0x2028...0x2029).contains(scalar.value)
                    || (0x2066...0x2069).contains(scalar.value)
                    || (0xE0000...0xE007F).contains(scalar.value))
        }
    }

    @Test(arguments: attacks) func `a view shows control characters as pictures`(
        attack: String
    ) {
        let paper = Page(width: 200)
        var sweep = Samples.sweep(.failed, gate: Samples.keep)
        sweep.sweep.name = attack
        sweep.sweep.reason = attack
        sweep.sweep.model = attack
        sweep.sweep.objective.metric = attack
        sweep.gate?.reason = attack
        sweep.experiments[0].name = attack
        sweep.experiments[0].best?.parameters = [Assignment(attack, .string(attack))]
        var trial = Samples.trialDocument
        trial.metrics = [Metric(attack, 1)]
        trial.attempts[0].message = attack
        trial.attempts[0].workerName = attack
        trial.artifacts[0].name = attack
        var curve = Samples.curve
        curve.metric = attack
        var workers = Samples.workers
        workers.workers[0].name = attack
        workers.workers[0].facts?.host = attack
        workers.workers[0].facts?.software = attack
        var model = Samples.model()
        model.history[0].reason = attack
        model.history[0].actor = attack
        let texts = [
            SweepViews.show(sweep, leaders: Samples.trials, on: paper, now: Samples.now),
            paper.text(WatchView.frame(sweep, on: paper)),
            WatchView.summary(sweep).rendered(isColoured: false),
            TrialViews.show(trial, curve: curve, on: paper, now: Samples.now),
            WorkerViews.list(workers, showsRevoked: true, on: paper, now: Samples.now),
            ModelViews.show(model, on: paper, now: Samples.now),
            ClientError(.failed, attack, fix: attack).description,
        ]
        for text in texts { #expect(isHarmless(text), "\(text.debugDescription)") }
    }

    @Test func `the check itself finds a control character`() {
        for attack in Self.attacks { #expect(!isHarmless(attack)) }
    }

    @Test func `a log keeps its lines and loses its escapes`() {
        #expect(
            Harmless.lines("one\r\ntwo\tthree\n\u{1B}[31mred\rover")
                == "one\ntwo\tthree\n␛[31mred␍over")
        #expect(Harmless.line("one\ntwo") == "one␊two")
        #expect(Harmless.line("Zürich 東京 🚲") == "Zürich 東京 🚲")
    }
}
