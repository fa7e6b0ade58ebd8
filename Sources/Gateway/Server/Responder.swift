import API
import HTTPTypes
import Hummingbird
import Logging
import Vocabulary

/// Takes every request: lets it in, finds its route, and turns whatever comes of it to a response.
struct Responder: HTTPResponder {
    typealias Context = GatewayContext

    private let doorkeeper: Doorkeeper
    private let routes: Routes

    init(configuration: GatewayConfiguration, routes: Routes) {
        doorkeeper = Doorkeeper(configuration)
        self.routes = routes
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let started = ContinuousClock.now
        let target = Target(request.head)
        var response: Response
        do throws(Problem) {
            response = try await answer(to: request, at: target, context: context)
        } catch {
            response = Self.response(to: error, at: target, logger: context.logger)
        }
        for (name, value) in Self.securityHeaders { response.headers[name] = value }
        response.headers[.requestID] = context.requestID
        log(response.status, to: request, at: target, since: started, context)
        return request.head.method == .head ? response.createHeadResponse() : response
    }

    private func answer(
        to request: Request, at target: Target, context: Context
    ) async throws(Problem) -> Response {
        try doorkeeper.checkHost(request.head)
        if target.path != .health { try doorkeeper.checkToken(request.head) }
        guard let path = target.path else {
            throw Problem(
                .notFound, "There is nothing under this path.",
                fix: "The paths of the API begin with \(APIPath.prefix)/.")
        }
        let method = request.head.method.rawValue
        guard path.methods.contains(method) else {
            throw Problem(
                .methodNotAllowed, "\(method.prefix(16)) is not possible here.",
                fix: "Use \(path.methods.joined(separator: ", ")).")
        }
        return try await routes.answer(to: request, at: path, query: target.query, context)
    }

    private static func response(
        to problem: Problem, at target: Target, logger: Logger
    ) -> Response {
        if problem.status >= 500 {
            logger.error("cannot answer", metadata: ["problem": "\(problem)"])
        }
        var response: Response
        do throws(Problem) {
            response = try .json(
                problem, status: .init(code: problem.status),
                mediaType: APICoding.problemMediaType)
        } catch {
            response = Response(status: .internalServerError)
        }
        switch problem.type {
        case .unauthenticated: response.headers[.wwwAuthenticate] = "Bearer realm=\"picoml\""
        case .methodNotAllowed:
            response.headers[.allow] = target.path?.methods.joined(separator: ", ")
        case .unavailable, .limitReached: response.headers[.retryAfter] = "1"
        case .tooSlow: response.headers[.connection] = "close"
        default: break
        }
        return response
    }

    /// Only the canonical form of a known path is logged: the rest of a request is what a
    /// stranger wrote, and may hold secrets.
    private func log(
        _ status: HTTPResponse.Status, to request: Request, at target: Target,
        since started: ContinuousClock.Instant, _ context: Context
    ) {
        let isRead = request.head.method == .get || request.head.method == .head
        let level: Logger.Level = status.code >= 500 ? .error : isRead ? .debug : .info
        context.logger.log(
            level: level, "request",
            metadata: [
                "request": "\(context.requestID)",
                "method": "\(request.head.method.rawValue.prefix(16))",
                "path": "\(target.path?.text ?? "unknown")", "status": "\(status.code)",
                "milliseconds": "\((ContinuousClock.now - started).inSeconds * 1000)",
            ])
    }

    /// Answers are data: they are not to be kept, guessed at, framed or read by other sites
    /// (OWASP REST Security Cheat Sheet).
    private static let securityHeaders: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"), (.cacheControl, "no-store"),
        (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.referrerPolicy, "no-referrer"), (.crossOriginResourcePolicy, "same-origin"),
    ]
}

/// What a request line asks for.
struct Target: Sendable {
    /// The path; nil when there is no such.
    let path: APIPath?
    /// The part after the question mark; empty when there is none.
    let query: String

    init(_ head: HTTPRequest) {
        let parts = (head.path ?? "").split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.flatMap { APIPath(text: String($0)) }
        query = parts.count == 2 ? String(parts[1]) : ""
    }
}
