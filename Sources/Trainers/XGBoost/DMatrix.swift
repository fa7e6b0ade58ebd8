import CXGBoost

/// Rows of features in XGBoost's own memory, with labels when there are any.
@safe struct DMatrix: ~Copyable {
    private let handle: DMatrixHandle
    /// How many rows there are.
    let rows: Int

    /// Copies some rows of a row-major matrix, in which NaN is a missing value.
    ///
    /// `width` is the number of cells of a row in `values`, of which the first `names.count` are
    /// features. `labels` has one for each row taken, or is empty. Uses up to `threads` threads.
    static func copying(
        _ values: [Float], rows: Range<Int>, width: Int, names: [String], labels: [Float],
        threads: Int
    ) throws(XGBoostError) -> DMatrix {
        guard !rows.isEmpty, rows.lowerBound >= 0, !names.isEmpty, names.count <= width,
            rows.upperBound <= values.count / width, labels.isEmpty || labels.count == rows.count
        else { throw XGBoostError(message: "there are no rows to make a matrix of") }
        var created: DMatrixHandle?
        let status = unsafe values.withUnsafeBytes { bytes in
            let size = MemoryLayout<Float>.size
            let address =
                UInt(bitPattern: bytes.baseAddress)
                + UInt(rows.lowerBound * width * size)
            let layout = """
                {"data":[\(address),true],"shape":[\(rows.count),\(names.count)],\
                "strides":[\(width * size),\(size)],"typestr":"<f4","version":3}
                """
            return unsafe XGDMatrixCreateFromDense(
                layout, #"{"missing":NaN,"nthread":\#(threads)}"#, &created)
        }
        try XGBoostError.check(status)
        guard let created = unsafe created else {
            throw XGBoostError(message: "XGBoost made no matrix")
        }
        let matrix = unsafe DMatrix(created, rows: rows.count)
        try XGBoostError.check(
            unsafe withCStrings(names) {
                unsafe XGDMatrixSetStrFeatureInfo(
                    created, "feature_name", $0, UInt64(names.count))
            })
        if !labels.isEmpty {
            try XGBoostError.check(
                unsafe XGDMatrixSetFloatInfo(created, "label", labels, UInt64(labels.count)))
        }
        return matrix
    }

    private init(_ handle: DMatrixHandle, rows: Int) {
        unsafe self.handle = unsafe handle
        self.rows = rows
    }

    deinit { _ = unsafe XGDMatrixFree(handle) }

    /// Calls C with the matrix.
    func withHandle<Result: ~Copyable, Failure: Error>(
        _ body: (DMatrixHandle) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(handle)
    }
}

/// Calls C with an array of zero-terminated texts, which live until `body` returns.
@unsafe func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
    var bytes: [CChar] = []
    let starts = texts.map { text in
        defer { bytes += text.utf8CString }
        return bytes.count
    }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
        var pointers = unsafe starts.map { unsafe buffer.baseAddress?.advanced(by: $0) }
        return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
    }
}
