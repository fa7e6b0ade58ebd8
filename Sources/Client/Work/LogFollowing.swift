import API
import FoundationEssentials
package import Vocabulary

/// Shows what a trial prints while it runs, one execution after the other, until it ends.
package struct LogFollowing: Sendable {
    /// Something to show.
    package enum News: Hashable, Sendable {
        /// An execution begins.
        case attempt(UInt32)
        /// It printed this.
        case text(String)
        /// The start of what it printed is no longer kept: so many bytes.
        case gap(UInt64)
    }

    private let client: CoordinatorClient
    private let interval: Duration

    /// Asks `client` again every `interval` while there is nothing new.
    package init(_ client: CoordinatorClient, interval: Duration = .milliseconds(500)) {
        self.client = client
        self.interval = interval
    }

    /// Calls `show` with everything that executions of `trial` print, from the newest one's
    /// beginning on.
    package func follow(
        _ trial: TrialID, show: (News) -> Void
    ) async throws(ClientError) {
        var query = LogQuery()
        // The bytes of a character may come in two parts.
        var rest: [UInt8] = []
        while true {
            let part = try await client.logPart(of: trial, query)
            if part.attempt > 0, query.attempt == nil {
                query.attempt = part.attempt
                show(.attempt(part.attempt))
            }
            if part.offset > query.offset { show(.gap(part.offset - query.offset)) }
            query.offset = part.offset + UInt64(part.content.count)
            rest += part.content
            let whole = rest.count - Self.incompleteCount(rest)
            if whole > 0 { show(.text(String(decoding: rest.prefix(whole), as: UTF8.self))) }
            rest.removeFirst(whole)
            guard part.content.isEmpty else { continue }
            if part.attempt > 0, !part.isRunning {
                guard !part.isFinal else { return }
                // The next execution is asked for as soon as there is one.
                let newest = try await client.logPart(of: trial, LogQuery()).attempt
                if newest > part.attempt { query = LogQuery() }
            }
            try await pause()
        }
    }

    private func pause() async throws(ClientError) {
        do { try await ContinuousClock().sleep(for: interval) } catch {
            throw ClientError(.failed, "Stopped following; the trial goes on.")
        }
    }

    /// Bytes at the end that begin a character of UTF-8 and do not end it (RFC 3629).
    static func incompleteCount(_ bytes: [UInt8]) -> Int {
        for (count, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > count + 1 ? count + 1 : 0
        }
        return 0
    }
}
