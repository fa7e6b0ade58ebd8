import NIOCore
import NIOPosix
import Testing

/// What a server answered, from the status line to the end of the connection.
struct Reply: Sendable {
    var status: Int
    var headers: [String: String]
    var body: String

    /// Reads the answer in `bytes`.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        self.status = status
        headers = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.last.map { String($0.drop { $0 == " " }) }
        }
        body = String(text[end.upperBound...])
    }
}

/// A TCP connection to a port of this host, on which a test says exactly what it wants.
enum Connection {
    /// Connects to `port`, hands the connection to `body` and closes it.
    static func open<Value: Sendable>(
        _ port: Int, _ body: @Sendable (inout Talk) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var talk = Talk(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&talk)
        }
    }

    /// Sends `text` and returns all that the server says until it closes the connection.
    static func exchange(_ port: Int, _ text: String) async throws -> Reply {
        let bytes = try await open(port) { talk in
            try await talk.say(text)
            return try await talk.listen()
        }
        return try #require(Reply(bytes), "\(String(decoding: bytes, as: UTF8.self))")
    }
}

/// Both directions of a connection.
struct Talk {
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Sends `text`.
    func say(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    /// Sends a byte now and then, far fewer than 1000 in a second, and reads nothing; returns
    /// whether the server closed the connection in time.
    func drip(within limit: Duration) async -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        do {
            while clock.now < end {
                try await say(" ")
                try await clock.sleep(for: .milliseconds(50))
            }
            return false
        } catch {
            return true
        }
    }

    /// What comes next; nil once the server has closed the connection.
    mutating func next() async throws -> String? {
        do {
            return try await inbound.next(isolation: #isolation).map { String(buffer: $0) }
        } catch is IOError {
            // A server that closes a connection with unread bytes resets it.
            return nil
        }
    }

    /// All that comes until the server closes the connection.
    mutating func listen() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while let buffer = try await inbound.next(isolation: #isolation) {
                bytes += buffer.readableBytesView
            }
        } catch is IOError {
            // A server that closes a connection with unread bytes resets it.
        }
        return bytes
    }
}
