import ConfigurationFiles
import Hosts
import Testing
import Vocabulary

/// What hosts say, well or badly.
struct ReportTests {
    private let answer = """
        Welcome to the kitchen!
        picoml-host 1
        system Linux
        machine x86_64
        user cook
        root sudo
        systemd yes
        system-free 2048
        user-free 4096
        user-program \(String(repeating: "0f", count: 32))
        user-version 0.1.0
        user-running yes
        something new
        picoml-end 1
        Goodbye!
        """

    @Test func `a report is read, whatever stands around it`() throws {
        let report = try HostReport(text: answer)
        #expect(report.system == "Linux")
        #expect(report.machine == "x86_64")
        #expect(report.user == "cook")
        #expect(report.root == .sudo)
        #expect(report.hasSystemd)
        #expect(report.systemPart.freeBytes == 2 << 20)
        #expect(report.systemPart.program == nil)
        #expect(!report.systemPart.isRunning)
        #expect(report.userPart.version == "0.1.0")
        #expect(report.userPart.program == Digest(text: String(repeating: "0f", count: 32)))
        #expect(report.running == .user)
    }

    @Test(arguments: ["", "This account is not available.", "picoml-host 1\nsystem Linux\n"])
    func `half an answer is none`(_ text: String) {
        #expect(throws: HostProblem.self) { try HostReport(text: text) }
    }

    @Test func `absurd values do no harm`() throws {
        let report = try HostReport(
            text: """
                picoml-host 1
                user-free 99999999999999999999
                system-free 18446744073709551615
                user-program ../../etc
                machine \(String(repeating: "x", count: 9000))
                picoml-end 1
                """)
        #expect(report.userPart.freeBytes == 0)
        #expect(report.systemPart.freeBytes == .max)
        #expect(report.userPart.program == nil)
        #expect(report.machine.count == 64)
    }
}
