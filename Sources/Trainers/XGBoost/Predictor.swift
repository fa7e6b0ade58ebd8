import Datasets

/// A saved model that predicts rows.
///
/// XGBoost trusts what it loads, so use it in a process whose end harms nobody: see
/// ``PredictProcess``.
package struct Predictor: ~Copyable {
    private let booster: Booster
    private let threads: Int

    /// Loads the `.ubj` or `.json` file at `path`, to predict with `threads` threads.
    package init(path: String, threads: Int = 1) throws(XGBoostError) {
        try XGBoostLibrary.silence()
        do {
            booster = try Booster.loaded(
                from: try FileBytes.read(path, limit: ModelFiles.modelBytes), threads: threads)
        } catch let error as XGBoostError {
            throw error
        } catch {
            throw XGBoostError(message: "the model \(path) \(error)")
        }
        self.threads = threads
    }

    /// One prediction for each row of a row-major matrix with a column for each of `names`; NaN
    /// is a missing value.
    package func predict(_ values: [Float], names: [String]) throws(XGBoostError) -> [Float] {
        guard !names.isEmpty, values.count.isMultiple(of: names.count) else {
            throw XGBoostError(message: "\(values.count) cells are no whole rows")
        }
        guard !values.isEmpty else { return [] }
        let expected = try booster.featureNames()
        guard expected.isEmpty || expected == names else {
            throw XGBoostError(
                message: "the model was trained on \(expected.joined(separator: ", ")), not on "
                    + names.joined(separator: ", "))
        }
        let matrix = try DMatrix.copying(
            values, rows: 0..<values.count / names.count, width: names.count, names: names,
            labels: [], threads: threads)
        return try booster.predict(matrix)
    }
}
