import Datasets
import Vocabulary

/// The prepared rows of a trial as XGBoost takes them.
struct TrialData {
    private let table: Table
    private let labels: [Float]
    private let threads: Int

    /// Reads the file at `path`; `role` says to people which rows it has.
    init(_ role: String, path: String?, bytes: UInt64?, lease: Lease) throws(TrialEnd) {
        guard let path, let bytes, let spec = lease.data?.spec else {
            throw .error("The sweep has no \(role): its data section keeps none.")
        }
        do {
            table = try Table(npy: FileBytes.read(path, limit: Int(clamping: bytes)))
        } catch let problem as FileProblem {
            throw TrialEnd("file of \(role)", problem)
        } catch {
            throw .error("The file of \(role) cannot be used: \(error).")
        }
        guard table.names.last == spec.target, table.names.count > 1 else {
            throw .error("The file of \(role) does not end with the target \(spec.target).")
        }
        labels = stride(
            from: table.names.count - 1, to: table.values.count, by: table.names.count
        ).map { [table] in table.values[$0] }
        guard labels.allSatisfy(\.isFinite) else {
            throw .error("The target is missing or infinite in some of the \(role).")
        }
        threads = Int(max(1, lease.cpus))
    }

    var rows: Int { table.rows }

    /// The features' names, in order.
    var featureNames: [String] { Array(table.names.dropLast()) }

    func labels(of rows: Range<Int>) -> ArraySlice<Float> { labels[rows] }

    func matrix(of rows: Range<Int>) throws(XGBoostError) -> DMatrix {
        try DMatrix.copying(
            table.values, rows: rows, width: table.names.count, names: featureNames,
            labels: Array(labels[rows]), threads: threads)
    }
}
