package import Logging
package import Vocabulary
package import Wire
package import ZeroMQ

/// How a host becomes known to a coordinator, and how its key is replaced.
package enum WorkerEnrolment {
    private static let pause = Duration.seconds(1)

    /// Enrols the worker of `folder` with a join token, trying until the coordinator answers.
    ///
    /// - Parameters:
    ///   - folder: Where the worker's own key is, or will be.
    ///   - token: Where the coordinator is, and the secret that it takes once.
    ///   - name: What people are to call the worker.
    ///   - facts: What it says of its host.
    ///   - signals: Becomes readable when the process is asked to end.
    ///   - logger: Takes what a person may want to know.
    /// - Returns: The place at which the coordinator answered; nil when a signal came before.
    /// - Throws: `WorkerError` when the coordinator does not take the token.
    package static func enrol(
        _ folder: WorkerFolder, with token: JoinToken, as name: String, facts: WorkerFacts,
        signals: Int32, logger: Logger
    ) throws -> JoinToken.Place? {
        let serverKey = try CurveKey(token.serverKey)
        let tokenKeys = try CurveKeyPair(secretKey: CurveSecretKey(token.secretKey))
        let keys = try folder.keys()
        let message = WorkerMessage.enrol(
            Enrolment(key: keys.publicKey.text, name: name, facts: facts))
        let context = try Context(ioThreads: 1)
        defer { context.shutdown() }
        var lastProblem = ""
        while true {
            for place in token.places {
                let conversation = BriefConversation(
                    context: context, endpoint: place.control, serverKey: serverKey,
                    signals: signals)
                var ending = try conversation.hold(tokenKeys, message)
                // It may have been used up by this very worker, which did not hear the answer.
                if case .refused = ending { ending = try conversation.hold(keys, nil) }
                switch ending {
                case .answered(.enrolled(let worker, let isPending)):
                    tell(worker, isPending, logger)
                    return place
                case .answered(.reject(let reason)):
                    throw WorkerError("the coordinator refuses this worker: \(reason)")
                case .answered, .secured: return place
                case .refused:
                    throw WorkerError(
                        "the coordinator does not take this join token: it was used up, was "
                            + "revoked or has expired; `picoml coordinator token create` makes "
                            + "another one")
                case .interrupted: return nil
                case .failed(let problem):
                    if problem != lastProblem { logger.warning("not enrolled yet: \(problem)") }
                    lastProblem = problem
                }
            }
            if try wait(signals) { return nil }
        }
    }

    /// Replaces the key of a worker that its coordinator knows.
    ///
    /// A running worker goes on with the new key within seconds, and with that the old one ends.
    ///
    /// - Returns: The new public key.
    /// - Throws: `WorkerError` when the coordinator does not answer or does not know the old key.
    package static func rotate(_ settings: WorkerSettings) throws -> CurveKey {
        let folder = try WorkerFolder(settings.stateFolder)
        guard folder.hasKeys else {
            throw WorkerError("\(folder.path) has no key to replace: no worker has run there")
        }
        let context = try Context(ioThreads: 1)
        defer { context.shutdown() }
        let next = try folder.nextKeys()
        var ending = BriefConversation.Ending.interrupted
        for place in settings.places {
            let conversation = BriefConversation(
                context: context, endpoint: place.control, serverKey: settings.serverKey,
                signals: nil)
            ending = try conversation.hold(folder.keys(), .rotate(key: next.publicKey.text))
            guard case .failed = ending else { break }
        }
        switch ending {
        case .answered(.rotated): break
        case .answered(.reject(let reason)):
            throw WorkerError("the coordinator does not take the new key: \(reason)")
        case .failed(let problem): throw WorkerError("the key was not replaced: \(problem)")
        case .answered, .secured, .refused, .interrupted:
            throw WorkerError("the coordinator does not know this worker's key")
        }
        try folder.replaceKeys()
        return next.publicKey
    }

    private static func tell(_ worker: WorkerID, _ isPending: Bool, _ logger: Logger) {
        if isPending {
            let command = "`picoml worker approve \(worker)`"
            logger.notice(
                "enrolled as worker \(worker); it waits for a person: \(command)")
        } else {
            logger.notice("enrolled as worker \(worker)")
        }
    }

    /// Waits before the next try; whether a signal came.
    private static func wait(_ signals: Int32) throws -> Bool {
        var poller = Poller()
        _ = poller.add(descriptor: signals)
        return try poller.poll(timeout: pause)
    }
}
