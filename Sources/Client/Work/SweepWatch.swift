package import API
import Vocabulary

/// Follows a sweep until it ends.
package struct SweepWatch: Sendable {
    private let client: CoordinatorClient
    private let interval: Duration
    private let patience: Duration

    /// Asks `client` every `interval`; a coordinator that does not answer is waited for as long
    /// as `patience`, because it may be restarting.
    package init(
        _ client: CoordinatorClient, interval: Duration = .seconds(1),
        patience: Duration = .seconds(60)
    ) {
        self.client = client
        self.interval = interval
        self.patience = patience
    }

    /// Calls `show` with the newest state of the sweep again and again; returns the last one.
    ///
    /// `miss` is called after each question that the coordinator did not answer, with the newest
    /// state that is known.
    package func follow(
        _ selector: SweepSelector, show: (SweepDocument) -> Void,
        miss: (SweepDocument) -> Void = { _ in }
    ) async throws(ClientError) -> SweepDocument {
        var document = try await client.sweep(selector)
        // `last` may mean another sweep a second later.
        let id = SweepSelector.number(document.sweep.id.value)
        let clock = ContinuousClock()
        var lastAnswer = clock.now
        show(document)
        while !document.sweep.phase.isFinal {
            do {
                try await clock.sleep(for: interval)
            } catch {
                throw ClientError(.failed, "Stopped watching; the sweep goes on.")
            }
            do {
                document = try await client.sweep(id)
                lastAnswer = clock.now
                show(document)
            } catch {
                guard error.kind == .unreachable, lastAnswer.duration(to: clock.now) < patience
                else { throw error }
                miss(document)
            }
        }
        return document
    }

    /// What waiting for this sweep ends with.
    package static func status(of phase: Phase) -> CommandStatus {
        switch phase {
        case .failed: .noUsableTrial
        case .cancelled: .cancelled
        case .searching, .confirming, .judging, .finished: .done
        }
    }
}
