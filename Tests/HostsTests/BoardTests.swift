import Client
import ConfigurationFiles
import Foundation
import Hosts
import Synchronization
import Testing

/// What shows while hosts are worked on.
struct BoardTests {
    /// What a fleet without a coordinator shows while it looks at a host that ssh does not reach.
    private func shown(isLive: Bool) async throws -> String {
        let written = Mutex("")
        let board = HostBoard(
            ["oven-1"], terminal: Terminal(page: Page(width: 60), isLive: isLive)
        ) { text in written.withLock { $0 += text } }
        var host = HostEntry(name: "oven-1", address: "127.0.0.1")
        host.sshOptions = ["ProxyCommand=false"]
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"]
        let fleet = Fleet(
            hosts: [host], shell: try SecureShell(environment: environment, folder: "/"),
            client: nil, board: board)
        let results = await fleet.status()
        #expect(results.map(\.outcome) == [.failed])
        board.clear()
        return written.withLock(\.self)
    }

    @Test func `away from a terminal every change is a line`() async throws {
        let lines = try await shown(isLive: false).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "oven-1: is looked at")
        #expect(lines.last?.hasPrefix("oven-1: The host cannot be reached: ") ?? false)
    }

    @Test func `on a terminal the board is drawn over and taken away at the end`() async throws {
        let text = try await shown(isLive: true)
        #expect(text.contains("oven-1  is looked at"))
        #expect(text.contains("\u{1B}[1A\r"))
        #expect(text.hasSuffix("\u{1B}[1A\r\u{1B}[K\n\u{1B}[J"))
    }
}
