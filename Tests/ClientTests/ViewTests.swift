import API
import Client
import Testing
import Vocabulary

/// The other views against files that a person has read.
struct ViewTests {
    @Test func `trials of a sweep`() throws {
        try ViewCheck.check("trial-list") {
            TrialViews.list(
                TrialPage(trials: Samples.trials, next: "abc"),
                of: Samples.sweep().experiments, on: $0)
        }
    }

    @Test func `a trial with its learning curve`() throws {
        try ViewCheck.check("trial-show") {
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
        try ViewCheck.check("curve") { TrialViews.show(curve, on: $0) }
    }

    @Test func `join tokens`() throws {
        try ViewCheck.check("token-list") {
            WorkerViews.tokens(
                Samples.tokens, showsAll: $0.width > 70, on: $0, now: Samples.now)
        }
    }

    @Test func `workers`() throws {
        try ViewCheck.check("worker-list") {
            WorkerViews.list(
                Samples.workers, showsRevoked: $0.width > 100, on: $0, now: Samples.now)
        }
    }

    @Test func `models and versions`() throws {
        let page = ModelPage(models: [
            ModelEntry(name: "demand", champion: 2, versions: 2),
            ModelEntry(name: "waste", champion: nil, versions: 0),
        ])
        try ViewCheck.check("model-list") { ModelViews.list(page, on: $0) }
        try ViewCheck.check("model-show") {
            ModelViews.show(Samples.model(), on: $0, now: Samples.now)
        }
        try ViewCheck.check("version-show") {
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
        try ViewCheck.check("doctor") { DoctorView.text(findings, on: $0) }
    }

    @Test func `predictions beside what happened`() throws {
        let prediction = Prediction(
            model: "demand", version: 2, target: "count",
            rows: [
                .init(time: "2019-08-31 22:00:00", predicted: 210.25, actual: 198),
                .init(time: "2019-08-31 23:00:00", predicted: 150.5, actual: nil),
            ])
        try ViewCheck.check("prediction") { PredictionView.table(prediction, on: $0) }
    }

    @Test func `an empty list says how to fill it`() {
        let paper = Page(width: 80)
        #expect(
            SweepViews.list(SweepPage(sweeps: [], next: nil), on: paper, now: Samples.now)
                == "There are no sweeps. Submit one with `picoml sweep submit FILE`.")
        #expect(
            WorkerViews.list(
                WorkerPage(workers: []), showsRevoked: true, on: paper, now: Samples.now)
                == "There are no workers. `picoml coordinator token create` makes what one joins "
                + "with."
        )
        #expect(ModelViews.list(ModelPage(models: []), on: paper).hasPrefix("There are no models"))
        #expect(TrialViews.list(TrialPage(trials: [], next: nil), on: paper) != "")
    }
}
