import Client

/// A condition that did not come true in time.
struct WaitedTooLong: Error, CustomStringConvertible {
    let description: String
}

/// Waits until `probe` gives a value; the coordinator may be away meanwhile.
///
/// - Throws: `WaitedTooLong` after `limit`, and what `probe` throws.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(20),
    _ probe: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var obstacle = ""
    repeat {
        do {
            if let value = try await probe() { return value }
            obstacle = ""
        } catch let error as ClientError where error.kind == .unreachable {
            obstacle = " (\(error))"
        }
        try await clock.sleep(for: .milliseconds(50))
    } while clock.now < deadline
    throw WaitedTooLong(description: "not within \(limit): \(what)\(obstacle)")
}

/// Waits until `condition` holds.
///
/// - Throws: `WaitedTooLong` after `limit`, and what `condition` throws.
func eventually(
    _ what: String, within limit: Duration = .seconds(20),
    _ condition: () async throws -> Bool
) async throws {
    let _: Bool = try await eventually(what, within: limit) {
        try await condition() ? true : nil
    }
}
