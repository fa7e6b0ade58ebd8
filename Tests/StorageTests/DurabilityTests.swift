import Foundation
import GRDBSQLite
import Storage
import Testing
import Vocabulary

struct DurabilityTests {
    @Test func `every append synchronises the write-ahead log`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        let disk = FaultyDisk(state.path)
        let journal = try Journal(state)
        for number in 1...20 {
            let before = disk.synchronizations(of: "picoml.sqlite-wal")
            try journal.append(batch(number), at: 0)
            #expect(disk.synchronizations(of: "picoml.sqlite-wal") > before)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `a power cut takes nothing that append returned for`(seed: UInt64) throws {
        let (acknowledged, survived) = try survivors(of: nil, seed: seed)
        #expect(survived.starts(with: acknowledged))
        #expect(survived == Array(1..<(survived.count + 1)))
    }

    @Test func `a disk that lies about fsync fails that test`() throws {
        let (acknowledged, survived) = try survivors(of: .lying, seed: 1)
        #expect(!survived.starts(with: acknowledged))
    }

    /// Appends until the power is cut and returns what had been acknowledged and what is there
    /// after the restart.
    private func survivors(
        of fault: FaultyDisk.Fault?, seed: UInt64
    ) throws -> (acknowledged: [Int], survived: [Int]) {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        let disk = FaultyDisk(state.path)
        var source = RandomSource(seed: seed)
        let journal = try Journal(state)
        disk.fault = fault
        let count = 30 + Int(source.next(below: 30))
        for number in 1...count {
            try journal.append(batch(number, bytes: Int(source.next(below: 20_000))), at: 0)
        }
        // Of what came after the last fsync, any part may have reached the disk.
        let files = disk.afterPowerCut { _ in source.next(below: 2) == 0 }
        let restarted = try folder.state("restarted")
        for (name, bytes) in files {
            try Data(bytes).write(to: URL(fileURLWithPath: restarted.path + "/" + name))
        }
        return (Array(1...count), try batches(in: Journal(restarted)))
    }

    @Test
    func `after any failed write or fsync nothing more is taken and nothing acknowledged is lost`()
        throws
    {
        var failures = 0
        for after in stride(from: 1, through: 200, by: 3) {
            let folder = try TemporaryFolder()
            let state = try folder.state()
            let disk = FaultyDisk(state.path)
            var acknowledged = 0
            do {
                let journal = try Journal(state)
                disk.fault = .failing(after: after, code: SQLITE_IOERR | 3 << 8)  // IOERR_WRITE
                var problem: StorageError?
                while problem == nil, acknowledged < 200 {
                    do throws(StorageError) {
                        try journal.append(batch(acknowledged + 1, bytes: 6000), at: 0)
                        acknowledged += 1
                    } catch {
                        problem = error
                    }
                }
                guard case .inputOutput = problem else {
                    Issue.record("\(String(describing: problem))")
                    return
                }
                failures += 1
                disk.fault = nil
                let later = #expect(throws: StorageError.self) {
                    try journal.append(batch(999), at: 0)
                }
                guard case .broken = later else {
                    Issue.record("\(String(describing: later))")
                    return
                }
            }
            let survived = try batches(in: Journal(state))
            // The batch that failed may be there: it was never acknowledged, but whole.
            #expect(survived.count - acknowledged <= 1)
            #expect(survived == Array(1..<(survived.count + 1)))
            #expect(survived.count >= acknowledged)
        }
        #expect(failures > 60)
    }

    @Test func `a batch that found no space is taken when there is space again`() throws {
        for after in stride(from: 1, through: 60, by: 3) {
            let folder = try TemporaryFolder()
            let state = try folder.state()
            let disk = FaultyDisk(state.path)
            let journal = try Journal(state)
            try journal.append(batch(1), at: 0)
            disk.fault = .failing(after: after, code: SQLITE_FULL)
            var number = 2
            var refusals = 0
            while number <= 40 {
                do throws(StorageError) {
                    try journal.append(batch(number, bytes: 6000), at: 0)
                    number += 1
                } catch {
                    guard case .diskFull(let path, _) = error else {
                        Issue.record("\(error)")
                        return
                    }
                    #expect(path == state.databasePath)
                    refusals += 1
                    #expect(try batches(in: journal) == Array(1..<number))
                    disk.fault = nil
                }
            }
            #expect(refusals == 1)
            #expect(try batches(in: journal) == Array(1...40))
        }
    }

    @Test func `a torn or flipped write-ahead log is cut to whole batches`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        let journal = try Journal(state)
        for number in 1...15 { try journal.append(batch(number, bytes: 3000), at: 0) }
        let database = try bytes(of: state.databasePath)
        let log = try bytes(of: state.databasePath + "-wal")
        var source = RandomSource(seed: 5)
        var lengths: Set<Int> = []
        for attempt in 0..<120 {
            let position = Int(source.next(below: UInt64(log.count)))
            var damaged = log
            if attempt % 2 == 0 {
                damaged.removeLast(log.count - position)
            } else {
                damaged[position] ^= UInt8(1 << source.next(below: 8))
            }
            let copy = try folder.state("copy \(attempt)")
            try Data(database).write(to: URL(fileURLWithPath: copy.databasePath))
            try Data(damaged).write(to: URL(fileURLWithPath: copy.databasePath + "-wal"))
            let survived = try batches(in: Journal(copy))
            #expect(survived == Array(1..<(survived.count + 1)))
            lengths.insert(survived.count)
        }
        #expect(lengths.count > 5)
    }
}
