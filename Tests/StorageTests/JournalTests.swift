import Foundation
import GRDB
import Glibc
import Registry
import Scheduling
import Storage
import Testing
import Vocabulary
import Wire

struct JournalTests {
    @Test func `what was appended is replayed in order after a restart`() throws {
        let folder = try TemporaryFolder()
        var stream = RecordStream(seed: 3)
        var written: [Scheduling.Record] = []
        do {
            let journal = try Journal(folder.state())
            for (index, batch) in stream.batches(40).enumerated() {
                try journal.append(batch, at: Int64(index))
                written += batch
            }
        }
        let journal = try Journal(folder.state())
        var replayed: [Scheduling.Record] = []
        try journal.replay { replayed += $0 }
        let expected = written.filter { !$0.concernsEndedSweep(in: written) }
        #expect(replayed.count == expected.count)
        // NaN differs from itself, so bytes are compared.
        #expect(RecordCodec.encode(replayed) == RecordCodec.encode(expected))
        #expect(expected.count < written.count)
    }

    @Test func `records of ended sweeps are left out and numbering goes on`() throws {
        let folder = try TemporaryFolder()
        let journal = try Journal(folder.state())
        #expect(try journal.lastSweep == 0)
        let worker = Scheduling.Record.workerAuthorized(WorkerID(1), name: "w", key: "k")
        let open = Scheduling.Record.sweepSubmitted(
            SweepID(2), .example(), source: "", seed: 1)
        try journal.append(
            [worker, .sweepSubmitted(SweepID(1), .example(), source: "", seed: 1), open], at: 0)
        try journal.append([.sweepSubmitted(SweepID(3), .example(), source: "", seed: 1)], at: 0)
        for (sweep, phase) in [(1, SweepPhase.finished), (3, .failed)] {
            try journal.append(
                [.sweepEntered(SweepID(UInt32(sweep)), phase, reason: "done")], at: 0)
        }
        var replayed: [[Scheduling.Record]] = []
        try journal.replay { replayed.append($0) }
        #expect(replayed == [[worker, open]])
        #expect(try journal.lastSweep == 3)
    }

    @Test func `an empty batch writes nothing`() async throws {
        let journal = try Journal(TemporaryFolder().state())
        try journal.append([], at: 0)
        #expect(try await journal.catalogue.totals().batches == 0)
    }

    @Test func `a batch that contradicts the tables leaves no trace`() async throws {
        let folder = try TemporaryFolder()
        let journal = try Journal(folder.state())
        try journal.append(batch(1), at: 0)
        let error = #expect(throws: StorageError.self) {
            try journal.append(batch(2) + batch(1), at: 0)
        }
        guard case .database = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try batches(in: journal) == [1])
        try journal.append(batch(2), at: 0)
        #expect(try batches(in: journal) == [1, 2])
    }

    @Test func `a damaged row is named`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        do {
            let journal = try Journal(state)
            for number in 1...3 { try journal.append(batch(number), at: 0) }
        }
        try DatabaseQueue(path: state.databasePath).write { database in
            try database.execute(sql: "DROP TRIGGER journal_no_update")
            try database.execute(
                sql: """
                    UPDATE journal SET records =
                        CAST(substr(records, 1, 40) || x'00' || substr(records, 42) AS BLOB)
                    WHERE id = 2
                    """)
        }
        let journal = try Journal(state)
        let error = #expect(throws: StorageError.self) { try batches(in: journal) }
        guard case .corruptRow(_, 2, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("row 2 of the journal") == true)
    }

    @Test func `a second coordinator is told who has the folder`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        do {
            let journal = try Journal(state)
            #expect(throws: StorageError.locked(folder: state.path, process: getpid())) {
                _ = try Journal(state)
            }
            try journal.append(batch(1), at: 0)
        }
        #expect(try batches(in: Journal(state)) == [1])
    }

    @Test func `folder and files are for their owner alone`() throws {
        let folder = try TemporaryFolder()
        let state = try folder.state()
        let journal = try Journal(state)
        try journal.append(batch(1), at: 0)
        #expect(try mode(of: state.path) == 0o700)
        for suffix in ["", "-wal", "-shm"] {
            #expect(try mode(of: state.databasePath + suffix) == 0o600)
        }
        #expect(try mode(of: state.lockPath) == 0o600)
    }

    @Test func `readers go on while the journal is written and see whole batches`() async throws {
        let journal = try Journal(TemporaryFolder().state())
        let catalogue = journal.catalogue
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<200 {
                    try journal.append(batch(2 * number + 1) + batch(2 * number + 2), at: 0)
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    var count = 0
                    while count < 400 {
                        let next = try await catalogue.workers().count
                        #expect(next % 2 == 0)
                        #expect(next >= count)
                        count = next
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension Scheduling.Record {
    fileprivate func concernsEndedSweep(in all: [Scheduling.Record]) -> Bool {
        let ended = all.compactMap { record -> SweepID? in
            guard case .sweepEntered(let sweep, let phase, _) = record, phase.isFinal else {
                return nil
            }
            return sweep
        }
        return sweep.map(ended.contains) ?? false
    }
}
