import HTTPTypes
import Hashing
import Hummingbird
import NIOCore

/// Lets requests with the token in and turns whatever comes of them to an answer.
struct TrackingResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// The most bytes of a request's body.
    static let bodyBytes = 1 << 20

    private let routes: TrackingRoutes
    private let authorization: String

    init(_ routes: TrackingRoutes, token: String) {
        self.routes = routes
        authorization = "Bearer \(token)"
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let status: Int
        let value: any Encodable
        do throws(TrackingProblem) {
            (status, value) = (200, try await answer(to: request))
        } catch {
            (status, value) = (error.status, error)
        }
        return try Self.response(status, value)
    }

    private func answer(to request: Request) async throws(TrackingProblem) -> any Encodable {
        let offered = request.headers[.authorization] ?? ""
        guard ConstantTime.areEqual(offered, authorization) else { throw .unauthenticated }
        switch request.method {
        case .get:
            let query = request.uri.queryParameters
            return try routes.get(request.uri.path) { query[Substring($0)].map(String.init) }
        case .post: return try routes.post(request.uri.path, try await body(of: request))
        default: throw .unknownPath
        }
    }

    private func body(of request: Request) async throws(TrackingProblem) -> [UInt8] {
        do {
            return [UInt8](buffer: try await request.body.collect(upTo: Self.bodyBytes))
        } catch is NIOTooManyBytesError {
            throw TrackingProblem(
                status: 413, error_code: "INVALID_PARAMETER_VALUE",
                message: "The body has more than \(Self.bodyBytes) bytes.")
        } catch {
            throw .invalid("The body ended before it was complete.")
        }
    }

    private static func response(_ status: Int, _ value: any Encodable) throws -> Response {
        let bytes = try TrackingCoding.encode(value)
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
