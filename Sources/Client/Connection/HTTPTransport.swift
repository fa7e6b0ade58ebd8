import API
import Foundation
import FoundationNetworking
import Glibc

/// Sends requests to one coordinator and turns what goes wrong into a `ClientError`.
struct HTTPTransport: Sendable {
    /// One request; the path begins with a slash.
    struct Request: Sendable {
        var method = "GET"
        var path: String
        /// What stands after the question mark, percent-encoded; empty for nothing.
        var query = ""
        var body: [UInt8]?
        var contentType = APICoding.mediaType
        /// Where the body belongs, as Content-Range says it; empty for a whole one.
        var place = ""
        /// The bytes of the answer that are wanted; nil for all.
        var range: Range<UInt64>?

        /// Whether sending it twice does no more than sending it once: uploads are named by
        /// their content.
        var isSafe: Bool { method != "POST" }
    }

    /// What came back.
    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
        /// How much of an upload is there, while it is not complete.
        var uploadOffset: UInt64?

        var isGood: Bool { (200..<300).contains(status) }
    }

    let access: Access
    private let session: URLSession
    /// Waits before further tries of a safe request, in seconds: enough for a short absence.
    private let pauses: [Double]

    init(_ access: Access, pauses: [Double] = [0.2, 0.6]) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 60
        configuration.httpCookieAcceptPolicy = .never
        configuration.urlCache = nil
        self.access = access
        self.pauses = pauses
        Self.reachDirectly(access.address)
        session = URLSession(
            configuration: configuration, delegate: RedirectRefusal(), delegateQueue: nil)
    }

    /// Keeps libcurl, on which URLSession stands here, from sending what is meant for this host to
    /// the proxy that `http_proxy` names, which would not find it but would see the token.
    private static func reachDirectly(_ address: String) {
        guard let host = URLComponents(string: address)?.host,
            host == "localhost" || host.hasPrefix("127.") || host.contains("::1")
        else { return }
        let environment = ProcessInfo.processInfo.environment
        let others = environment["no_proxy"] ?? environment["NO_PROXY"]
        let hosts = [others, host].compactMap(\.self).joined(separator: ",")
        _ = unsafe setenv("no_proxy", hosts, 1)
    }

    /// The body of a good answer.
    func send(_ request: Request) async throws(ClientError) -> [UInt8] {
        let answer = try await exchange(request)
        guard answer.isGood else { throw refusal(of: answer) }
        return answer.body
    }

    /// Sends a part of an upload, and returns how much of it is there; nil when all is.
    func append(_ request: Request) async throws(ClientError) -> UInt64? {
        let answer = try await exchange(request)
        guard answer.isGood else { throw refusal(of: answer) }
        return answer.status == 202 ? answer.uploadOffset ?? 0 : nil
    }

    /// Whether there is something under `path`.
    func exists(_ path: String) async throws(ClientError) -> Bool {
        let answer = try await exchange(Request(method: "HEAD", path: path))
        guard answer.isGood || answer.status == 404 else { throw refusal(of: answer) }
        return answer.isGood
    }

    /// Sends `request`, a safe one again when no answer comes or the coordinator is stopping.
    private func exchange(_ request: Request) async throws(ClientError) -> Answer {
        let prepared = try urlRequest(request)
        for pause in request.isSafe ? pauses : [] {
            do {
                let answer = try await once(prepared)
                if answer.status != 503 { return answer }
            } catch {
                guard error.kind == .unreachable else { throw error }
            }
            do {
                try await ContinuousClock().sleep(for: .seconds(pause))
            } catch {
                throw ClientError(.failed, "Stopped.")
            }
        }
        return try await once(prepared)
    }

    private func once(_ request: URLRequest) async throws(ClientError) -> Answer {
        let reply: (body: Data, response: URLResponse)
        do {
            reply = try await session.data(for: request)
        } catch {
            throw absence(error, hasSideEffect: request.httpMethod == "POST")
        }
        guard let response = reply.response as? HTTPURLResponse else {
            throw ClientError(.failed, "What answers at \(access.address) is not HTTP.")
        }
        return Answer(
            status: response.statusCode, body: [UInt8](reply.body),
            uploadOffset: response.value(forHTTPHeaderField: "Upload-Offset").flatMap {
                UInt64($0)
            })
    }

    private func urlRequest(_ request: Request) throws(ClientError) -> URLRequest {
        var parts = URLComponents(string: access.address + request.path)
        if !request.query.isEmpty { parts?.percentEncodedQuery = request.query }
        guard let url = parts?.url else {
            throw ClientError(.badInput, "\"\(access.address)\" is not an address.")
        }
        var prepared = URLRequest(url: url)
        prepared.httpMethod = request.method
        prepared.setValue("Bearer \(access.token)", forHTTPHeaderField: "Authorization")
        prepared.setValue(APICoding.mediaType, forHTTPHeaderField: "Accept")
        if let range = request.range {
            prepared.setValue(
                "bytes=\(range.lowerBound)-\(range.upperBound - 1)", forHTTPHeaderField: "Range")
        }
        if let body = request.body {
            prepared.httpBody = Data(body)
            prepared.setValue(request.contentType, forHTTPHeaderField: "Content-Type")
            if !request.place.isEmpty {
                prepared.setValue(request.place, forHTTPHeaderField: "Content-Range")
            }
        }
        return prepared
    }
}

extension HTTPTransport {
    /// Why no answer came.
    private func absence(_ error: any Error, hasSideEffect: Bool) -> ClientError {
        let code = (error as? URLError)?.code
        let neverArrived: [URLError.Code] = [
            .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed,
        ]
        guard let code, !neverArrived.contains(code) else {
            return ClientError(
                .unreachable, "No coordinator answers at \(access.address).",
                fix: "Start one with `picoml coordinator`, or check --address.")
        }
        return ClientError(
            .unreachable, "The coordinator at \(access.address) went away before it answered.",
            fix: hasSideEffect
                ? "It may have been done all the same: look before you try again."
                : "Look at its log, then try again.")
    }

    /// What a status other than 2xx means.
    private func refusal(of answer: Answer) -> ClientError {
        // Something else than a coordinator may answer: then there is only the status.
        let problem = try? APICoding.decode(Problem.self, from: answer.body)
        switch answer.status {
        case 401:
            // The coordinator's own advice is for those who send the header themselves.
            return ClientError(
                .notPermitted,
                problem?.detail ?? "The coordinator at \(access.address) refuses the token.",
                fix: "Name the token file in its state folder: --token-file FOLDER/"
                    + "coordinator/token.")
        case 403:
            return ClientError(
                .notPermitted,
                problem?.detail ?? "The coordinator at \(access.address) refuses the request.",
                fix: problem?.fix ?? "Its log says why.")
        case 503:
            return ClientError(
                .unreachable,
                problem?.detail ?? "The coordinator at \(access.address) is stopping.",
                fix: problem?.fix ?? "Try again in a moment.")
        default:
            guard let problem else {
                return ClientError(
                    .failed,
                    "What answers at \(access.address) says \(answer.status) and is no "
                        + "coordinator of this version.",
                    fix: "Check --address.")
            }
            let isFile = !(problem.diagnostics ?? []).isEmpty
            return ClientError(
                isFile ? .badInput : .failed, problem.detail, fix: problem.fix ?? "",
                diagnostics: problem.diagnostics ?? [])
        }
    }
}

/// Follows no redirect: the token is for one address only.
private final class RedirectRefusal: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
