package import API

/// The coordinator's HTTP API as typed calls.
///
/// Every call throws a `ClientError` that says in one sentence what is wrong and what to do.
package struct CoordinatorClient: Sendable {
    private let transport: HTTPTransport

    /// Speaks to the coordinator at `access`; nothing is sent yet.
    ///
    /// Requests that change nothing are tried again after each of `pauses` (seconds).
    package init(_ access: Access, pauses: [Double] = [0.2, 0.6]) {
        transport = HTTPTransport(access, pauses: pauses)
    }

    /// The address that it speaks to.
    package var address: String { transport.access.address }

    /// Whether the coordinator answers, and its version.
    package func health() async throws(ClientError) -> HealthDocument { try await get(.health) }

    /// What the coordinator has in hand.
    package func status() async throws(ClientError) -> StatusDocument { try await get(.status) }

    func get<Value: Decodable>(
        _ path: APIPath, query: String = ""
    ) async throws(ClientError) -> Value {
        let body = try await transport.send(.init(path: try checked(path), query: query))
        return try decoded(body, from: path)
    }

    func post<Value: Decodable>(
        _ path: APIPath, _ body: (some Encodable & Sendable)?
    ) async throws(ClientError) -> Value {
        let bytes: [UInt8]
        do {
            bytes = try body.map { try APICoding.encode($0) } ?? Array("{}".utf8)
        } catch {
            throw ClientError(.badInput, "The request cannot be written as JSON: \(error).")
        }
        let answer = try await transport.send(
            .init(method: "POST", path: try checked(path), body: bytes))
        return try decoded(answer, from: path)
    }

    func raw(
        _ path: APIPath, method: String = "GET", body: [UInt8]? = nil,
        range: Range<UInt64>? = nil
    ) async throws(ClientError) -> [UInt8] {
        try await transport.send(
            .init(
                method: method, path: try checked(path), body: body,
                contentType: "application/octet-stream", range: range))
    }

    func append(
        _ bytes: [UInt8], _ place: String, to path: APIPath
    ) async throws(ClientError) -> UInt64? {
        try await transport.append(
            .init(
                method: "PUT", path: try checked(path), body: bytes,
                contentType: "application/octet-stream", place: place))
    }

    func exists(_ path: APIPath) async throws(ClientError) -> Bool {
        try await transport.exists(try checked(path))
    }

    /// The path's text, if the coordinator will read the same path from it: a model's name comes
    /// from the command line and may hold anything.
    private func checked(_ path: APIPath) throws(ClientError) -> String {
        guard APIPath(text: path.text) == path else {
            throw ClientError(
                .badInput,
                "The name of a model has letters, digits, dots, hyphens and "
                    + "underscores only.", fix: "`picoml model list` shows the names.")
        }
        return path.text
    }

    func decoded<Value: Decodable>(
        _ body: [UInt8], from path: APIPath
    ) throws(ClientError) -> Value {
        do {
            return try APICoding.decode(Value.self, from: body)
        } catch {
            throw ClientError(
                .failed, "The answer of \(address) to \(path.text) cannot be understood.",
                fix: "Check that it is a coordinator of the same version: `picoml --version`.")
        }
    }
}
