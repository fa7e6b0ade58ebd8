import API
import Client
import Foundation
import Testing
import Vocabulary

/// README's section on several hosts, typed word by word at hosts with the addresses that stand
/// there, by people who are not root.
@Suite(.serialized, .timeLimit(.minutes(4)), .enabled(if: LabAccount.isPossible, LabAccount.need))
struct LabReadmeTests {
    private static let sweep = rehearsal(trials: 80, seconds: 1, more: "concurrency: 8")

    @Test func `who follows "Several hosts" has eight workers, a sweep and an upgrade`()
        async throws
    {
        let readme = try ReadmeSection.readme()
        try await ReaderAtWork.begin(readme, hosts: 8) { reader in
            let coordinator = try await reader.startsCoordinator()
            try reader.writesHosts()
            try await reader.takesKeyToHosts()
            try await Self.bringUp(reader)
            try await Self.lookAfter(reader)
            try await Self.byHand(reader)
            try reader.section.end()
            #expect(coordinator.isRunning)
            #expect(coordinator.log.contains("warning") == false, "\(coordinator.log)")
        }
    }

    private static func bringUp(_ reader: ReaderAtWork) async throws {
        let asked = reader.questions
        try await reader.types("picoml hosts up hosts.yaml")
        let workers = try await reader.workers()
        #expect(workers.map(\.name).sorted() == reader.ovens)
        #expect(workers.compactMap(\.facts?.host).sorted() == reader.ovens)
        #expect(workers.allSatisfy { $0.state == .connected })
        // As the file in README says of the second one.
        let second = try #require(workers.first { $0.name == "oven-2" }?.facts)
        #expect(second.cpus == 8)
        #expect(second.labels["zone"] == "b")

        let listed = try await reader.types("picoml worker list")
        #expect(reader.ovens.allSatisfy { listed.output.contains($0) }, "\(listed.output)")
        try reader.writes(sweep, to: "sweep.yaml")
        try await reader.types("picoml sweep submit sweep.yaml")
        let status = try await reader.types("picoml hosts status hosts.yaml")
        #expect(status.output.split(separator: "joined").count == 9, "\(status.output)")
        #expect(reader.questions == asked, "ssh asked something once the key was there")
    }

    private static func lookAfter(_ reader: ReaderAtWork) async throws {
        try await reader.cluster.succeeded(8, of: .last)
        #expect(reader.ovens.allSatisfy { reader.cook.ownsProcesses(on: $0) })
        try await reader.types("picoml hosts drain hosts.yaml oven-1")
        #expect(try await reader.cluster.worker("oven-1").state == .away)
        try await reader.types("picoml hosts up hosts.yaml")
        #expect(try await reader.workers().allSatisfy { $0.state == .connected })

        let next = try reader.getsNewProgram()
        try await reader.types("picoml hosts upgrade hosts.yaml")
        for host in reader.ovens {
            let program = reader.cook.home(on: host) + "/picoml-worker/picoml"
            #expect(FileManager.default.contentsEqual(atPath: program, andPath: next))
        }
        #expect(try await reader.workers().allSatisfy { $0.state == .connected })
        try await reader.types("picoml hosts down hosts.yaml")
        #expect(try await reader.workers().allSatisfy { $0.state == .away })
        #expect(reader.ovens.allSatisfy { reader.processes(on: $0).isEmpty })
    }

    /// The same without ssh; then what is left of the sweep runs there.
    private static func byHand(_ reader: ReaderAtWork) async throws {
        let made = try await reader.types("picoml coordinator token create")
        let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let worker = try reader.starts("picoml worker --join TOKEN", on: "oven-2") {
            $0.replacing("TOKEN", with: token)
        }
        try await worker.says("joined as worker")
        let ended = try await reader.cluster.ended(.last, within: .seconds(120))
        #expect(ended.sweep.phase == .finished)
        #expect(try await reader.cluster.brokenPromises(of: .last, trials: 80) == [])
    }

    @Test func `a wrong host, or a command that there is not, stops whoever follows it`()
        async throws
    {
        let right = "  oven-2: {address: 10.0.0.12"
        let readme = try ReadmeSection.readme()
        try #require(readme.contains(right))
        let spoiled = readme.replacing(right, with: "  oven-2: {address: 10.0.0.99")
        try await ReaderAtWork.begin(spoiled, hosts: 2) { reader in
            _ = try await reader.startsCoordinator()
            try reader.writesHosts()
            try await reader.takesKeyToHosts()
            let problem = await #expect(throws: ReaderAtWork.Failed.self) {
                try await reader.types("picoml hosts up")
            }
            #expect(problem?.description.contains("oven-2: The host cannot be reached") ?? false)
            reader.section = try ReadmeSection(
                "Several hosts.", of: "**Several hosts.**\n    picoml hosts upp hosts.yaml")
            let other = await #expect(throws: ReaderAtWork.Failed.self) {
                try await reader.types("picoml hosts up")
            }
            #expect(
                other?.description.hasPrefix("picoml hosts upp hosts.yaml\nended with") ?? false)
        }
    }
}
