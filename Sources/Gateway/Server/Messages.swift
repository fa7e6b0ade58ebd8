import API
import HTTPTypes
import Hummingbird
import NIOCore

extension HTTPField.Name {
    /// The name under which the coordinator's log knows the request.
    static let requestID = constant("X-Request-Id")
    static let referrerPolicy = constant("Referrer-Policy")
    static let crossOriginResourcePolicy = constant("Cross-Origin-Resource-Policy")
    /// How many bytes of an upload are here.
    static let uploadOffset = constant(APIHeader.uploadOffset)

    private static func constant(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else {
            preconditionFailure("\(name) is no name of a header field")
        }
        return field
    }
}

extension Response {
    /// An answer of the API.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok,
        mediaType: String = APICoding.mediaType
    ) throws(Problem) -> Response {
        let bytes: [UInt8]
        do {
            bytes = try APICoding.encode(value)
        } catch {
            throw Problem(.fault, "The answer cannot be written: \(error).")
        }
        return Response(
            status: status, headers: [.contentType: mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Request {
    /// The JSON value in the body.
    ///
    /// - Throws: `Problem` when the type is not JSON, the body larger than `limit` bytes, too
    ///   slow, or not such a value.
    func json<Value: Decodable>(_ type: Value.Type, limit: Int) async throws(Problem) -> Value {
        let bytes = try await jsonBytes(limit: limit)
        do {
            return try APICoding.decode(type, from: bytes)
        } catch let error as DecodingError {
            throw Problem(
                .malformed, "The body is not what this path takes: \(error.sentence)",
                fix: "See the API's description of this path for the fields and their types.")
        } catch {
            throw Problem(.malformed, "The body is not JSON: \(error).")
        }
    }

    /// The bytes of a JSON body, which may be none.
    ///
    /// The type is demanded even of empty bodies: a web page can send other types to another
    /// site without asking it first, but not this one.
    @discardableResult
    func jsonBytes(limit: Int) async throws(Problem) -> [UInt8] {
        let mediaType = head.headerFields[.contentType]?.split(separator: ";").first
        guard mediaType?.trimmed.lowercased() == APICoding.mediaType else {
            throw Problem(
                .unsupportedMediaType, "The body is not declared to be JSON.",
                fix: "Send it with \"Content-Type: \(APICoding.mediaType)\".")
        }
        try refuseContentCoding()
        if let length = contentLength, length > limit { throw Self.tooLarge(limit) }
        do {
            return [UInt8](buffer: try await body.collect(upTo: limit))
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        } catch {
            throw Self.unreadable(error)
        }
    }

    /// Refuses compressed bodies, whose length says nothing of what they grow to.
    func refuseContentCoding() throws(Problem) {
        if let coding = head.headerFields[.contentEncoding], coding.lowercased() != "identity" {
            throw Problem(
                .unsupportedMediaType, "The body is compressed.",
                fix: "Send it without Content-Encoding.")
        }
    }

    /// The length that the request declares for its body; nil when it declares none.
    var contentLength: Int? { head.headerFields[.contentLength].flatMap { Int($0) } }

    /// What a body that ended with `error` is answered with.
    static func unreadable(_ error: any Error) -> Problem {
        guard error is TooSlow else {
            return Problem(.malformed, "The body ended before it was complete.")
        }
        return Problem(
            .tooSlow, "The body came in too slowly.", fix: "Send it again over a faster network.")
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        Problem(.tooLarge, "The body has more than the \(limit) bytes that this path takes.")
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let text = drop { $0 == " " }
        return text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex)]
    }
}

extension DecodingError {
    /// What is wrong where, for people.
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context):
            "the field \"\(Self.place(context.codingPath + [key]))\" is missing."
        case .valueNotFound(_, let context):
            "the field \"\(Self.place(context.codingPath))\" is null."
        case .typeMismatch(let type, let context):
            context.codingPath.isEmpty
                ? "it is not an object."
                : "the field \"\(Self.place(context.codingPath))\" is not a \(type)."
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not valid JSON."
                : "the field \"\(Self.place(context.codingPath))\": \(context.debugDescription)."
        @unknown default: "it cannot be read."
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { key in
            key.intValue.map(String.init) ?? APICoding.written(key.stringValue)
        }
        .joined(separator: ".")
    }
}
