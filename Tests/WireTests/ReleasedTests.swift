import Foundation
import Scheduling
import Testing
import Vocabulary
import Wire

/// What earlier versions wrote stays readable: journals are kept for ever.
struct ReleasedTests {
    @Test func `records of the first version are read, with the usual where they say nothing`()
        throws
    {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Released/records-1.hex")
        let frames = try String(contentsOf: file, encoding: .utf8).components(
            separatedBy: "\n\n")
        let records = try frames.flatMap { try RecordCodec.decode(Self.bytes($0)) }
        #expect(records.count == frames.count)
        let specs = records.compactMap { record -> SweepSpec? in
            if case .sweepSubmitted(_, let spec, _, _) = record { spec } else { nil }
        }
        #expect(specs.count == 4)
        for spec in specs {
            #expect(spec.keptCheckpoint == .best)
            #expect(spec.retries.outOfMemoryAttempts == 1)
            #expect(spec.retries.timeoutAttempts == 1)
            #expect(spec.experiments.allSatisfy { $0.resources.memoryBytes == nil })
            #expect(spec.experiments.allSatisfy { $0.resources.labels.isEmpty })
            #expect(spec.experiments.allSatisfy { !$0.resources.isExclusive })
            #expect(spec.experiments.allSatisfy { $0.resources.gpus == .none })
        }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}
