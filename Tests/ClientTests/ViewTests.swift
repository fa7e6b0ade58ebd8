import API
import Client
import Testing
import Vocabulary

/// Every view at three widths, with and without colours, against files that a person has read.
struct ViewTests {
    private static let papers = [
        ("60", Page(width: 60)), ("80", Page(width: 80)), ("120", Page(width: 120)),
        ("80-colour", Page(width: 80, isColoured: true)),
    ]

    private func check(_ name: String, _ view: (Page) -> String) throws {
        for (suffix, paper) in Self.papers {
            let text = view(paper)
            try Snapshot.check(text, "\(name)-\(suffix)")
            for line in text.split(separator: "\n") {
                let visible = line.replacing(/\u{1B}\[[0-9]*m/, with: "")
                #expect(visible.displayWidth <= paper.width, "\(name)-\(suffix): \(line)")
            }
            #expect(text.contains("\u{1B}") == paper.isColoured)
        }
    }

    @Test func `a list of sweeps`() throws {
        let page = SweepPage(
            sweeps: [
                Samples.entry(),
                Samples.entry(.finished, name: "a name that goes on and on and on"),
                Samples.entry(.searching, paused: true), Samples.entry(.failed),
                Samples.entry(.cancelled),
            ], next: SweepID(8))
        try check("sweep-list") { SweepViews.list(page, on: $0, now: Samples.now) }
    }

    @Test func `a sweep that runs`() throws {
        try check("sweep-show") {
            SweepViews.show(
                Samples.sweep(), leaders: Samples.trials, on: $0, now: Samples.now)
        }
    }

    @Test func `a sweep whose winner was kept back by the gate`() throws {
        try check("sweep-keep") {
            SweepViews.show(
                Samples.sweep(.finished, gate: Samples.keep), leaders: [], on: $0,
                now: Samples.now)
        }
    }

    @Test func `a sweep whose winner was promoted, with a warning in its file`() throws {
        let warning = Diagnostic(
            .warning, file: "sweep.yaml", line: 3, column: 1, field: "description",
            message: "This is not used.")
        try check("sweep-promote") {
            SweepViews.show(
                Samples.sweep(
                    .finished, gate: Samples.promote, version: 3, warnings: [warning]),
                leaders: [], on: $0, now: Samples.now)
        }
    }

    @Test func `a frame of a watched sweep`() throws {
        try check("watch") { $0.text(WatchView.frame(Samples.sweep(), on: $0)) }
        let summary = WatchView.summary(Samples.sweep()).rendered(isColoured: false)
        #expect(
            summary == "sweep 12 searching: 22/40 done, 4 running, 4 pruned, 1 failed; "
                + "best rmse 41.5371 (Exp3, trial 12.31); 1 min 23 s left")
    }

    @Test func `trials of a sweep`() throws {
        try check("trial-list") {
            TrialViews.list(TrialPage(trials: Samples.trials, next: "abc"), on: $0)
        }
    }

    @Test func `a trial with its learning curve`() throws {
        try check("trial-show") {
            TrialViews.show(
                Samples.trialDocument, curve: Samples.curve, on: $0, now: Samples.now)
        }
    }

    @Test func `a learning curve alone`() throws {
        let curve = CurveDocument(
            trial: Samples.trialID(1), metric: "rmse",
            points: [
                CurvePoint(step: 1, value: 9), CurvePoint(step: 2, value: .nan),
                CurvePoint(step: 3, value: 4),
            ])
        try check("curve") { TrialViews.show(curve, on: $0) }
    }

    @Test func `workers`() throws {
        try check("worker-list") {
            WorkerViews.list(
                Samples.workers, showsRevoked: $0.width > 100, on: $0, now: Samples.now)
        }
    }

    @Test func `models and versions`() throws {
        let page = ModelPage(models: [
            ModelEntry(name: "demand", champion: 2, versions: 2),
            ModelEntry(name: "waste", champion: nil, versions: 0),
        ])
        try check("model-list") { ModelViews.list(page, on: $0) }
        try check("model-show") {
            ModelViews.show(Samples.model(), on: $0, now: Samples.now)
        }
        try check("version-show") {
            ModelViews.show(Samples.versionDocument(), on: $0, now: Samples.now)
        }
    }

    @Test func `the doctor's findings`() throws {
        let findings = [
            Finding("ZeroMQ", .good, "libzmq 4.3.4 with CURVE"),
            Finding("disk space", .warning, "512.0 MiB free for .picoml", fix: "Free some."),
            Finding(
                "open files", .problem, "only 256 at once: 4,096 are needed.",
                fix: "Run `ulimit -n 4096` before picoml, or set LimitNOFILE=4096 in its unit."),
        ]
        try check("doctor") { DoctorView.text(findings, on: $0) }
    }

    @Test func `predictions beside what happened`() throws {
        let prediction = Prediction(
            model: "demand", version: 2, target: "count",
            rows: [
                .init(time: "2019-08-31 22:00:00", predicted: 210.25, actual: 198),
                .init(time: "2019-08-31 23:00:00", predicted: 150.5, actual: nil),
            ])
        try check("prediction") { PredictionView.table(prediction, on: $0) }
    }

    @Test func `an empty list says how to fill it`() {
        let paper = Page(width: 80)
        #expect(
            SweepViews.list(SweepPage(sweeps: [], next: nil), on: paper, now: Samples.now)
                == "There are no sweeps. Submit one with `picoml sweep submit FILE`.")
        #expect(
            WorkerViews.list(
                WorkerPage(workers: []), showsRevoked: true, on: paper, now: Samples.now)
                == "There are no workers. Start one with `picoml worker`.")
        #expect(ModelViews.list(ModelPage(models: []), on: paper).hasPrefix("There are no models"))
        #expect(TrialViews.list(TrialPage(trials: [], next: nil), on: paper) != "")
    }
}
