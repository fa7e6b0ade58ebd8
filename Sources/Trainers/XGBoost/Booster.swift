import CXGBoost

/// A model that is trained or loaded.
@safe struct Booster: ~Copyable {
    private let handle: BoosterHandle

    /// An untrained model with the settings in order; `names` are its features' names.
    ///
    /// XGBoost keeps its predictions for both matrices from round to round while they live.
    static func untrained(
        _ settings: [(name: String, value: String)], names: [String],
        on training: borrowing DMatrix, and validation: borrowing DMatrix
    ) throws(XGBoostError) -> Booster {
        let booster = try unsafe training.withHandle { training throws(XGBoostError) in
            try unsafe validation.withHandle { validation throws(XGBoostError) in
                try unsafe create([training, validation])
            }
        }
        for setting in settings { try booster.set(setting.name, setting.value) }
        // The model's file gets no names from the matrices that it is trained on.
        try XGBoostError.check(
            unsafe withCStrings(names) {
                unsafe XGBoosterSetStrFeatureInfo(
                    booster.handle, "feature_name", $0, UInt64(names.count))
            })
        return booster
    }

    /// The model in the bytes of a `.ubj` or `.json` file, using `threads` threads.
    ///
    /// XGBoost trusts what it loads: call it in a process that may end.
    static func loaded(
        from model: [UInt8], threads: Int
    ) throws(XGBoostError) -> Booster {
        let booster = try unsafe create([])
        try booster.set("nthread", "\(threads)")
        let status = unsafe model.withUnsafeBytes {
            unsafe XGBoosterLoadModelFromBuffer(booster.handle, $0.baseAddress, UInt64($0.count))
        }
        try XGBoostError.check(status)
        // Loading replaces the settings by the file's.
        try booster.set("nthread", "\(threads)")
        return booster
    }

    @unsafe private static func create(
        _ cached: [DMatrixHandle?]
    ) throws(XGBoostError) -> Booster {
        var created: BoosterHandle?
        try XGBoostError.check(
            unsafe XGBoosterCreate(cached, UInt64(cached.count), &created))
        guard let created = unsafe created else {
            throw XGBoostError(message: "XGBoost made no model")
        }
        return unsafe Booster(created)
    }

    private init(_ handle: BoosterHandle) { unsafe self.handle = unsafe handle }

    deinit { _ = unsafe XGBoosterFree(handle) }

    func set(_ name: String, _ value: String) throws(XGBoostError) {
        try XGBoostError.check(unsafe XGBoosterSetParam(handle, name, value))
    }

    /// Adds one round, numbered from 0.
    func update(round: Int, on training: borrowing DMatrix) throws(XGBoostError) {
        let status = unsafe training.withHandle {
            unsafe XGBoosterUpdateOneIter(handle, Int32(clamping: round), $0)
        }
        try XGBoostError.check(status)
    }

    /// The value of the model's one metric on `rows`, without drop-out.
    func evaluate(round: Int, on rows: borrowing DMatrix) throws(XGBoostError) -> Double {
        var text: UnsafePointer<CChar>?
        let status = unsafe rows.withHandle { matrix in
            var matrices: [DMatrixHandle?] = unsafe [matrix]
            return unsafe withCStrings(["rows"]) { names in
                unsafe XGBoosterEvalOneIter(
                    handle, Int32(clamping: round), &matrices, names, 1, &text)
            }
        }
        try XGBoostError.check(status)
        // As `[3]<tab>rows-rmse:12.5`.
        let line = unsafe text.map { unsafe String(cString: $0) } ?? ""
        guard let colon = line.lastIndex(of: ":"), let value = Double(line[colon...].dropFirst())
        else { throw XGBoostError(message: "XGBoost gave no value of the metric: \(line)") }
        return value
    }

    /// One prediction for each row, without drop-out.
    func predict(_ rows: borrowing DMatrix) throws(XGBoostError) -> [Float] {
        let configuration = """
            {"type":0,"training":false,"iteration_begin":0,"iteration_end":0,\
            "strict_shape":false}
            """
        var shape: UnsafePointer<UInt64>?
        var dimensions: UInt64 = 0
        var result: UnsafePointer<Float>?
        let status = unsafe rows.withHandle {
            unsafe XGBoosterPredictFromDMatrix(
                handle, $0, configuration, &shape, &dimensions, &result)
        }
        try XGBoostError.check(status)
        let sizes = unsafe UnsafeBufferPointer(start: shape, count: Int(dimensions))
        let count = unsafe sizes.reduce(1, *)
        guard count == UInt64(rows.rows) else {
            throw XGBoostError(
                message: "the model gives \(count) numbers for \(rows.rows) rows; only models "
                    + "with one number a row can be used")
        }
        return unsafe Array(UnsafeBufferPointer(start: result, count: rows.rows))
    }

    /// The model as the content of a `.ubj` file.
    func save() throws(XGBoostError) -> [UInt8] {
        var length: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try XGBoostError.check(
            unsafe XGBoosterSaveModelToBuffer(handle, #"{"format":"ubj"}"#, &length, &bytes))
        return unsafe UnsafeRawBufferPointer(start: bytes, count: Int(length)).map { $0 }
    }

    /// The names of the features it was trained with; empty when the model does not say.
    func featureNames() throws(XGBoostError) -> [String] {
        var count: UInt64 = 0
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        try XGBoostError.check(
            unsafe XGBoosterGetStrFeatureInfo(handle, "feature_name", &count, &names))
        return unsafe UnsafeBufferPointer(start: names, count: Int(count)).map { name in
            unsafe name.map { unsafe String(cString: $0) } ?? ""
        }
    }
}
