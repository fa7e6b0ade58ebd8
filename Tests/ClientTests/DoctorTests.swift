import Client
import Foundation
import Testing

/// The doctor's verdicts, and the doctor on this host.
struct DoctorTests {
    @Test(
        arguments: [
            ("max 100000", nil), ("150000 100000\n", 1.5), ("200000 100000", 2.0), ("", nil),
            ("1 0", nil), ("-5 100000", nil), ("a b", nil), ("1 2 3", nil),
        ] as [(String, Double?)])
    func `a processor quota is read from the control group`(line: String, quota: Double?) {
        #expect(HostLimits.cpuQuota(line) == quota)
    }

    @Test func `too few descriptors are a problem whose fix depends on the hard limit`() {
        #expect(HostLimits.descriptors(hard: 4096).level == .good)
        let low = HostLimits.descriptors(hard: 1024)
        #expect(low.level == .problem)
        #expect(low.fix.contains("limits.conf"))
    }

    @Test func `a disk that fills up is named before it is full`() {
        #expect(Disk.space(50 << 20, in: "x").level == .problem)
        #expect(Disk.space(500 << 20, in: "x").level == .warning)
        #expect(Disk.space(5 << 30, in: "x").level == .good)
    }

    @Test func `a clock that is behind is found`() {
        #expect(WallClock.finding(now: 1_000_000, newestState: nil).level == .problem)
        #expect(WallClock.finding(now: 1_800_000_000, newestState: nil).level == .good)
        #expect(
            WallClock.finding(now: 1_800_000_000, newestState: 1_800_000_100).level == .warning)
        #expect(WallClock.finding(now: 1_800_000_000, newestState: 1_800_000_030).level == .good)
    }

    @Test func `a port in use is a problem unless it is our own`() throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let taken = Ports.finding([server.port], areOwn: false)
        #expect(taken.level == .problem)
        #expect(taken.detail.contains("\(server.port)"))
        #expect(Ports.finding([server.port], areOwn: true).level == .good)
    }

    @Test func `a token that others can read is a problem`() throws {
        try inTemporaryFolder { folder in
            let path = try writeToken("secret", in: folder, mode: 0o644)
            let finding = Disk.secrets(in: folder)
            #expect(finding.level == .problem)
            #expect(finding.fix == "Run `chmod 600 \(path)`.")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: path)
            #expect(Disk.secrets(in: folder).level == .good)
        }
    }

    @Test func `a state folder that cannot be made is a problem`() {
        let finding = Disk.permission(of: "/proc/self/picoml")
        #expect(finding.level == .problem)
        #expect(finding.fix.contains("--state"))
    }

    @Test func `this host is examined as a whole and left as it was`() throws {
        try inTemporaryFolder { folder in
            let findings = Doctor(state: folder).examine()
            #expect(findings.count == 13)
            #expect(Set(findings.map(\.name)).count == 13)
            #expect(findings.allSatisfy { $0.level == .good || !$0.fix.isEmpty })
            #expect(findings[0].detail.contains("with CURVE"))
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left.isEmpty)
        }
    }
}
