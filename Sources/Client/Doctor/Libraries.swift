import Glibc

/// The system libraries that picoml stands on, asked for their versions as they are loaded now.
enum Libraries {
    static func zeroMQ() -> Finding {
        let name = "ZeroMQ"
        let fix = "Run `sudo apt-get install libzmq5`."
        guard let library = Library("libzmq.so.5") else {
            return Finding(name, .problem, "libzmq cannot be loaded.", fix: fix)
        }
        guard let version = library.version(writtenBy: "zmq_version") else {
            return Finding(name, .problem, "libzmq does not tell its version.", fix: fix)
        }
        // 4.3 is the first series whose CURVE and ZAP behave as the coordinator relies on.
        guard (version[0], version[1]) >= (4, 3) else {
            return Finding(name, .problem, "libzmq is \(text(version)): 4.3 is needed.", fix: fix)
        }
        guard library.has("curve") else {
            return Finding(
                name, .problem, "libzmq \(text(version)) was built without CURVE encryption.",
                fix: "Install the distribution's own libzmq5, which has it.")
        }
        return Finding(name, .good, "libzmq \(text(version)) with CURVE")
    }

    static func xgboost() -> Finding {
        guard let library = Library("libxgboost.so.0") ?? Library("libxgboost.so"),
            let version = library.version(writtenBy: "XGBoostVersion")
        else {
            return Finding(
                "XGBoost", .problem, "libxgboost cannot be loaded.",
                fix: "Run `sudo apt-get install libxgboost-dev`.")
        }
        return Finding("XGBoost", .good, "libxgboost \(text(version))")
    }

    static func sqlite() -> Finding {
        versioned("SQLite", "libsqlite3.so.0", "sqlite3_libversion", package: "libsqlite3-0")
    }

    static func sodium() -> Finding {
        versioned("libsodium", "libsodium.so.23", "sodium_version_string", package: "libsodium23")
    }

    private static func versioned(
        _ name: String, _ file: String, _ symbol: String, package: String
    ) -> Finding {
        guard let version = Library(file)?.text(from: symbol) else {
            return Finding(
                name, .problem, "\(file) cannot be loaded.",
                fix: "Run `sudo apt-get install \(package)`.")
        }
        return Finding(name, .good, "version \(version)")
    }

    private static func text(_ version: [Int32]) -> String {
        version.map { "\($0)" }.joined(separator: ".")
    }
}

/// A shared library, opened by name; it stays loaded.
@safe private struct Library {
    private let handle: UnsafeMutableRawPointer

    init?(_ name: String) {
        guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
        unsafe self.handle = handle
    }

    /// What `void f(int *major, int *minor, int *patch)` writes.
    func version(writtenBy symbol: String) -> [Int32]? {
        typealias Function =
            @convention(c) (
                UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>,
                UnsafeMutablePointer<Int32>
            ) -> Void
        guard let address = unsafe dlsym(handle, symbol) else { return nil }
        let function = unsafe unsafeBitCast(address, to: Function.self)
        var (major, minor, patch) = (Int32(0), Int32(0), Int32(0))
        unsafe function(&major, &minor, &patch)
        return [major, minor, patch]
    }

    /// What `const char *f(void)` returns.
    func text(from symbol: String) -> String? {
        typealias Function = @convention(c) () -> UnsafePointer<CChar>?
        guard let address = unsafe dlsym(handle, symbol) else { return nil }
        let function = unsafe unsafeBitCast(address, to: Function.self)
        return unsafe function().map { unsafe String(cString: $0) }
    }

    /// What `int zmq_has(const char *capability)` returns.
    func has(_ capability: String) -> Bool {
        typealias Function = @convention(c) (UnsafePointer<CChar>) -> Int32
        guard let address = unsafe dlsym(handle, "zmq_has") else { return false }
        let function = unsafe unsafeBitCast(address, to: Function.self)
        return unsafe capability.withCString { unsafe function($0) } == 1
    }
}
