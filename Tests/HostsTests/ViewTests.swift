import Client
import ConfigurationFiles
import Hosts
import Testing

/// What a person sees of hosts.
struct ViewTests {
    private var results: [HostResult] {
        var first = HostResult(HostEntry(name: "oven-1"), .joined)
        first.service = .system
        first.version = "0.1.0"
        first.worker = "7"
        first.running = ["1.2#1", "1.3#1"]
        first.notes = ["copied", "started"]
        let second = HostResult(
            HostEntry(name: "oven-2"),
            HostProblem("The host \u{1B}[31mburns.", fix: "Call the fire brigade."))
        return [first, second]
    }

    @Test func `hosts fit a terminal, and what is wrong stands below them`() {
        #expect(
            HostViews.table(results, on: Page(width: 78)) == """
                HOST    STATE   VERSION  RUNS AS  WORKER  TRIALS            DONE
                oven-1  joined  0.1.0    system        7  1.2#1 and 1 more  copied, started
                oven-2  failed  –        –             –  –                 –
                oven-2: The host ␛[31mburns. Call the fire brigade.
                """)
        let narrow = HostViews.table(results, on: Page(width: 40))
        #expect(narrow.split(separator: "\n").allSatisfy { $0.count <= 40 })
        #expect(narrow.contains("oven-2  failed"))
    }
}
