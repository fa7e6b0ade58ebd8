import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on a loopback port that answers as a test tells it, also wrongly.
///
/// A coordinator's own server answers correctly; what a client makes of broken, strange and absent
/// answers can only be tried against one like this.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var method: String
        var target: String
        var headers: [String: String]
        var body: [UInt8]

        /// Method and target, as in `GET /api/v1/models`.
        var line: String { "\(method) \(target)" }
    }

    enum Response: Sendable {
        case json(String, status: Int = 200)
        case bytes([UInt8])
        case raw(String)
        case hangUp
    }

    let port: UInt16
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    struct Failure: Error {}

    init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve(answer) }
    }

    var address: String { "http://127.0.0.1:\(port)" }

    var requests: [Request] { seen.withLock { $0 } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func serve(_ answer: (Request) -> Response) {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            if let request = Self.read(connection) {
                seen.withLock { $0.append(request) }
                Self.write(answer(request), hasBody: request.method != "HEAD", to: connection)
            }
            close(connection)
        }
        close(listener)
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let request = parse(bytes) { return request }
            let count = unsafe recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard words.count == 3, bytes.count - end.upperBound >= length else { return nil }
        return Request(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: Array(bytes[end.upperBound...]))
    }

    private static func write(_ response: Response, hasBody: Bool, to connection: Int32) {
        let bytes: [UInt8]
        switch response {
        case .json(let text, let status):
            let head = "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n"
            bytes = message(head, Array(text.utf8), hasBody: hasBody)
        case .bytes(let body): bytes = message("HTTP/1.1 200 OK\r\n", body, hasBody: hasBody)
        case .raw(let text): bytes = Array(text.utf8)
        case .hangUp: return
        }
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = unsafe send(connection, rest, rest.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func message(_ head: String, _ body: [UInt8], hasBody: Bool) -> [UInt8] {
        Array("\(head)Content-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8)
            + (hasBody ? body : [])
    }
}
