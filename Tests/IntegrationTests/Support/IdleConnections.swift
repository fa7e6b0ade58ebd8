import Glibc

/// Connections that were made and never said a word.
final class IdleConnections: Sendable {
    private let descriptors: [Int32]

    /// Makes `count` connections to `endpoints` in turn.
    init(_ count: Int, to endpoints: [String]) throws {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        _ = unsafe getrlimit(resource, &limit)
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, rlim_t(2 * count)))
        // When it cannot be raised, the connections below say so.
        _ = unsafe setrlimit(resource, &limit)
        var made: [Int32] = []
        do {
            for number in 0..<count {
                made.append(try TCP.connect(to: endpoints[number % endpoints.count]))
            }
        } catch {
            for descriptor in made { close(descriptor) }
            throw error
        }
        descriptors = made
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    /// How many the other side has not ended.
    var openCount: Int {
        descriptors.count { descriptor in
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = unsafe recv(
                    descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count == 0 || (count < 0 && errno != EAGAIN) { return false }
                if count < 0 { return true }
            }
        }
    }
}
