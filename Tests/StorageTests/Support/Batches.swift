import Scheduling
import Storage
import Vocabulary

/// Batches that can be told apart: batch n authorises worker n, with a name of `bytes` bytes.
func batch(_ number: Int, bytes: Int = 100) -> [Scheduling.Record] {
    let name = String(repeating: "x", count: bytes)
    return [.workerAuthorized(WorkerID(UInt32(number)), name: name, key: "key \(number)")]
}

/// The batches of `batch` that the journal holds, in their order.
func batches(in journal: Journal) throws -> [Int] {
    var numbers: [Int] = []
    try journal.replay { records in
        for case .workerAuthorized(let worker, _, _) in records {
            numbers.append(Int(worker.number))
        }
    }
    return numbers
}
