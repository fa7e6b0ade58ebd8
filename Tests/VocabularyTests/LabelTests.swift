import Foundation
import Testing
import Vocabulary

@Suite struct `Labels of a host` {
    @Test func `are read as people write them`() {
        #expect(Label(text: "zone=b") == Label("zone", "b"))
        #expect(Label(text: "team/disk_1=nvme-2.0") == Label("team/disk_1", "nvme-2.0"))
        for text in ["", "zone", "zone=", "=b", "zone=b=c", "zone=b c", "zone=ö", "z;=b"] {
            #expect(Label(text: text) == nil, "\(text)")
        }
        let longest = String(repeating: "a", count: Limits.labelBytes)
        #expect(Label.isWord(longest))
        #expect(!Label.isWord(longest + "a"))
    }

    @Test func `stand in the order of their names, each once`() {
        var labels = Labels([Label("zone", "b"), Label("disk", "hdd"), Label("disk", "nvme")])
        #expect(labels.all == [Label("disk", "nvme"), Label("zone", "b")])
        labels["rack"] = "7"
        labels["disk"] = nil
        labels["absent"] = nil
        #expect(labels.all == [Label("rack", "7"), Label("zone", "b")])
        #expect(labels["zone"] == "b")
        #expect(labels["disk"] == nil)
    }

    @Test func `know what they lack`() {
        let labels = Labels([Label("disk", "nvme"), Label("zone", "b")])
        #expect(labels.lacking(Labels([Label("zone", "b")])).isEmpty)
        let wanted = Labels([Label("disk", "hdd"), Label("rack", "1"), Label("zone", "b")])
        #expect(labels.lacking(wanted) == [Label("disk", "hdd"), Label("rack", "1")])
    }

    @Test func `are an object in JSON`() throws {
        let labels = Labels([Label("disk", "nvme"), Label("zone", "b")])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = try encoder.encode(labels)
        #expect(String(decoding: json, as: UTF8.self) == #"{"disk":"nvme","zone":"b"}"#)
        #expect(try JSONDecoder().decode(Labels.self, from: json) == labels)
    }
}

@Suite struct `What earlier versions wrote` {
    @Test func `of resources is read, without what they did not know`() throws {
        let text = #"{"cpus":2,"diskBytes":5}"#
        #expect(
            try JSONDecoder().decode(Resources.self, from: Data(text.utf8))
                == Resources(cpus: 2, diskBytes: 5))
    }

    @Test func `of a worker is read, without what they did not know`() throws {
        let text = #"{"host":"h","process":1,"cpus":2,"memoryBytes":3,"software":"0.1"}"#
        let facts = try JSONDecoder().decode(WorkerFacts.self, from: Data(text.utf8))
        #expect(
            facts
                == WorkerFacts(host: "h", process: 1, cpus: 2, memoryBytes: 3, software: "0.1"))
        #expect(facts.allLabels == Labels([Label("host", "h")]))
    }
}
