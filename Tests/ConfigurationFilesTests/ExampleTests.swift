import ConfigurationFiles
import Foundation
import Testing
import Vocabulary

/// The files in configs/ are what people begin with, so they are read as they are shipped.
struct ExampleTests {
    private func example(_ path: String) throws -> [UInt8] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try Array(Data(contentsOf: root.appending(path: "configs").appending(path: path)))
    }

    @Test func `the quickstart searches four families`() throws {
        let file = try SweepFile.parse(
            bytes: example("sweeps/quickstart.yaml"), file: "quickstart.yaml")
        #expect(file.warnings == [])
        #expect(file.spec.model == "demand")
        #expect(file.spec.experiments.map(\.name) == ["Exp1", "Exp2", "Exp3", "Exp4"])
        #expect(file.spec.experiments.allSatisfy { $0.trainer == .xgboost && $0.trials == 10 })
        let boosters = file.spec.experiments.map { experiment in
            experiment.space.parameters.first { $0.name == "booster" }?.domain
        }
        #expect(
            boosters
                == ["gblinear", "gbtree", "gbtree", "dart"].map { .constant(.string($0)) })
        #expect(file.data?.path == "../data/demand.csv")
        #expect(file.data?.target == "count")
        #expect(SweepPlan(file).totalTrials == 49)
    }

    @Test func `the rehearsal needs no data`() throws {
        let file = try SweepFile.parse(
            bytes: example("sweeps/rehearsal.yaml"), file: "rehearsal.yaml")
        #expect(file.warnings == [])
        #expect(file.data == nil)
        #expect(SweepPlan(file).experiments.map(\.trials) == [27, 6])
    }

    @Test func `the sweep with a data set names it, and its program reads it`() throws {
        let file = try SweepFile.parse(
            bytes: example("sweeps/data-set.yaml"), file: "data-set.yaml")
        #expect(file.warnings == [])
        #expect(file.dataSet?.name == "demand")
        #expect(file.code == "smoothing")
    }

    @Test func `the daemons' files hold together, and a worker's needs no address`() throws {
        let coordinator = try CoordinatorConfiguration.parse(
            bytes: example("coordinator.yaml"), file: "coordinator.yaml")
        let worker = try WorkerConfiguration.parse(
            bytes: example("worker.yaml"), file: "worker.yaml")
        #expect(worker.control == [])
        #expect(coordinator.state != worker.state)
    }

    @Test func `the hosts have names of their own`() throws {
        let file = try HostsFile.parse(bytes: example("hosts.yaml"), file: "hosts.yaml")
        #expect(file.hosts.map(\.name) == ["oven-1", "oven-2", "oven-3", "grill"])
        #expect(file.hosts.map(\.user) == ["cook", "cook", "cook", "root"])
    }
}
