import CXGBoost

/// What XGBoost said went wrong.
package struct XGBoostError: Error, Hashable, Sendable, CustomStringConvertible {
    /// XGBoost's own words without its stack trace.
    package let message: String

    /// The message.
    package var description: String { message }

    /// Whether memory ran out: XGBoost hands on the text of C++'s exception.
    package var isOutOfMemory: Bool { message.contains("std::bad_alloc") }

    init(message: String) { self.message = message }

    /// Throws the thread's last error unless `status` is zero.
    static func check(_ status: Int32) throws(XGBoostError) {
        guard status != 0 else { return }
        let text = unsafe XGBGetLastError().map { unsafe String(cString: $0) } ?? ""
        throw XGBoostError(message: Self.plain(text))
    }

    /// Drops the stack trace and the time with which each message starts, as `[12:00:00] `.
    private static func plain(_ text: String) -> String {
        let lines = text.split(separator: "\n").prefix { !$0.hasPrefix("Stack trace") }
        return lines.map { line in
            guard line.first == "[", let end = line.firstIndex(of: "]") else { return line }
            return line[end...].dropFirst().drop { $0 == " " }
        }.joined(separator: " ")
    }
}

/// The installed libxgboost.
package enum XGBoostLibrary {
    /// The version as `1.7.4`.
    package static var version: String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// Keeps XGBoost from writing to standard output, on which a process may be answering.
    static func silence() throws(XGBoostError) {
        try XGBoostError.check(unsafe XGBSetGlobalConfig(#"{"verbosity":0}"#))
    }
}
