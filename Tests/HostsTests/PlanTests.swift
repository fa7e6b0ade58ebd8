import ConfigurationFiles
import Hosts
import Testing
import Vocabulary

/// What is to be done on a host, from what it said.
struct PlanTests {
    private let host = HostEntry(name: "oven-1")
    private let program: HostProgram

    init() throws {
        program = HostProgram(
            path: "p", byteCount: 100 << 20,
            digest: try #require(Digest(bytes: [UInt8](repeating: 7, count: 32))),
            machine: "x86_64")
    }

    /// A host with systemd and room, on which nothing of ours is.
    private func fresh(root: HostReport.Root? = .own) -> HostReport {
        var report = HostReport()
        report.system = "Linux"
        report.machine = "x86_64"
        report.user = "cook"
        report.root = root
        report.hasSystemd = true
        report.systemPart.freeBytes = 1 << 30
        report.userPart.freeBytes = 1 << 30
        return report
    }

    private func problem(_ body: () throws(HostProblem) -> HostPlan) -> String {
        do throws(HostProblem) {
            return "no problem: \(try body())"
        } catch {
            return "\(error.message) \(error.fix)"
        }
    }

    @Test(
        arguments: [
            (.own, .system, false), (.sudo, .system, true), (nil, .user, false),
        ] as [(HostReport.Root?, HostEntry.Service, Bool)])
    func `a fresh host gets a service where that is possible`(
        _ root: HostReport.Root?, _ service: HostEntry.Service, _ usesSudo: Bool
    ) throws {
        let plan = try HostPlan.up(host, fresh(root: root), program)
        #expect(plan.service == service)
        #expect(plan.usesSudo == usesSudo)
        #expect(plan.steps == [.place, .start, .join])
    }

    @Test func `without systemd a worker is a process of the user, also root's`() throws {
        var report = fresh()
        report.hasSystemd = false
        #expect(try HostPlan.up(host, report, program).service == .user)
    }

    @Test func `the program that is there is not copied again`() throws {
        var report = fresh()
        report.systemPart.program = program.digest
        #expect(try HostPlan.up(host, report, program).steps == [.start, .join])
        // Nor is a full disk in the way then.
        report.systemPart.freeBytes = 0
        #expect(try HostPlan.up(host, report, program).steps == [.start, .join])
    }

    @Test func `a worker that runs is left as it is, whatever its program`() throws {
        var report = fresh()
        report.userPart.isRunning = true
        let plan = try HostPlan.up(host, report, program)
        #expect(plan.service == .user)
        #expect(plan.steps == [.join])
    }

    @Test func `without root, a service of the system is somebody else's`() throws {
        var report = fresh(root: nil)
        report.systemPart.isRunning = true
        report.systemPart.program = program.digest
        let plan = try HostPlan.up(host, report, program)
        #expect(plan.service == .user)
        #expect(plan.steps == [.place, .start, .join])
        #expect(HostPlan.down(report, isAtOnce: true).steps == [])
        report.root = .sudo
        #expect(try HostPlan.up(host, report, program).service == .system)
    }

    @Test func `an upgrade puts the program there before it drains`() throws {
        var report = fresh(root: .sudo)
        report.systemPart.isRunning = true
        let plan = try HostPlan.upgrade(host, report, program)
        #expect(plan.steps == [.place, .drain, .stop(isAtOnce: false), .start, .join])
        #expect(plan.usesSudo)
        report.systemPart.program = program.digest
        #expect(try HostPlan.upgrade(host, report, program).steps == [.join])
    }

    @Test func `a worker is taken down the way it runs`() throws {
        var report = fresh()
        #expect(HostPlan.down(report, isAtOnce: false).steps == [])
        report.userPart.program = program.digest
        #expect(HostPlan.down(report, isAtOnce: false).steps == [.remove])
        report.userPart.isRunning = true
        let gently = HostPlan.down(report, isAtOnce: false)
        #expect(gently.service == .user)
        #expect(gently.steps == [.drain, .stop(isAtOnce: false), .remove])
        #expect(
            HostPlan.down(report, isAtOnce: true).steps == [.stop(isAtOnce: true), .remove])
    }

    @Test func `what is in the way is said with the next step`() {
        var small = fresh()
        small.systemPart.freeBytes = 163 << 20
        #expect(
            problem { () throws(HostProblem) in try HostPlan.up(host, small, program) }
                == "The host has 163.0 MiB of free disk for the program, which takes 100.0 MiB "
                + "and 64.0 MiB to work with. Make room below /usr/local.")
        var arm = fresh()
        arm.machine = "aarch64"
        #expect(
            problem { () throws(HostProblem) in try HostPlan.up(host, arm, program) }
                .hasPrefix("The host is aarch64, and the program is for x86_64."))
        var other = fresh()
        other.system = "FreeBSD"
        #expect(
            problem { () throws(HostProblem) in try HostPlan.up(host, other, program) }
                == "The host runs FreeBSD, and the program needs Linux. ")
        var wish = host
        wish.service = .system
        let plain = fresh(root: nil)
        #expect(
            problem { () throws(HostProblem) in try HostPlan.up(wish, plain, program) }
                .hasPrefix("A service of the system takes root, and cook is not root there."))
    }
}
