import Foundation
import Testing
import Vocabulary
import WorkerDaemon

struct HostFactsTests {
    @Test(arguments: [
        ("NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n", "debian-12"),
        ("ID='alpine'\nVERSION_ID=3.20.1", "alpine-3.20.1"), ("ID=arch\nBUILD_ID=rolling", "arch"),
        ("ID=a b", ""), ("", ""), ("ID=\u{1B}[2J", ""),
    ])
    func `the distribution is told with its version`(_ text: String, _ expected: String) throws {
        let root = try HostRoot(["/etc/os-release": text])
        #expect(HostFacts.distribution(under: root.path) == expected)
        let other = try HostRoot(["/usr/lib/os-release": text])
        #expect(HostFacts.distribution(under: other.path) == expected)
    }

    @Test func `a host says what it is`() throws {
        let facts = HostFacts.describe(cpus: 3, labels: Labels([Label("zone", "b")]))
        #expect(facts.cpus == 3)
        #expect(facts.memoryBytes > 0)
        #expect(Label.isWord(facts.architecture))
        #expect(facts.allLabels["zone"] == "b")
        #expect(facts.allLabels["architecture"] == facts.architecture)
    }
}
