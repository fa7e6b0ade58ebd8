/// The one join token of a command, made when the first host needs it.
package actor JoinTokenSource {
    private let make: @Sendable () async throws(HostProblem) -> String
    private var made: Result<String, HostProblem>?
    private var isMaking = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// `make` asks the coordinator for a token.
    package init(_ make: @escaping @Sendable () async throws(HostProblem) -> String) {
        self.make = make
    }

    /// The token's text, the same for every host.
    func text() async throws(HostProblem) -> String {
        if let made { return try made.get() }
        if isMaking {
            await withCheckedContinuation { waiters.append($0) }
            return try made?.get() ?? ""
        }
        isMaking = true
        let result: Result<String, HostProblem>
        do throws(HostProblem) {
            result = .success(try await make())
        } catch {
            result = .failure(error)
        }
        made = result
        for waiter in waiters { waiter.resume() }
        waiters = []
        return try result.get()
    }
}
