package import API
package import Vocabulary

extension CoordinatorClient {
    /// Submits a sweep whose data is stored already.
    package func submit(
        _ submission: SweepSubmission
    ) async throws(ClientError) -> SweepAccepted {
        try await post(.sweeps, submission)
    }

    /// Some sweeps, newest first.
    package func sweeps(_ query: SweepQuery) async throws(ClientError) -> SweepPage {
        try await get(.sweeps, query: query.text)
    }

    /// All there is to say of a sweep.
    package func sweep(_ selector: SweepSelector) async throws(ClientError) -> SweepDocument {
        try await get(.sweep(selector))
    }

    /// Pauses, resumes or cancels a sweep.
    package func change(
        _ selector: SweepSelector, _ action: SweepAction
    ) async throws(ClientError) {
        let _: ChangeDone = try await post(.changeSweep(selector, action), nil as String?)
    }

    /// Trials of a sweep.
    package func trials(
        of selector: SweepSelector, _ query: TrialQuery
    ) async throws(ClientError) -> TrialPage {
        try await get(.trials(selector), query: query.text)
    }

    /// All there is to say of a trial, its curve apart.
    package func trial(_ trial: TrialID) async throws(ClientError) -> TrialDocument {
        try await get(.trial(trial))
    }

    /// The learning curve of a trial.
    package func curve(
        of trial: TrialID, _ query: CurveQuery
    ) async throws(ClientError) -> CurveDocument {
        try await get(.curve(trial), query: query.text)
    }

    /// Why a trial is where it is.
    package func explanation(
        of trial: TrialID
    ) async throws(ClientError) -> ExplanationDocument {
        try await get(.explanation(trial))
    }

    /// A part of what an execution of a trial printed, while it runs or afterwards.
    package func logPart(
        of trial: TrialID, _ query: LogQuery
    ) async throws(ClientError) -> LogDocument {
        try await get(.logPart(trial), query: query.text)
    }

    /// The log of a trial as it was written; make it harmless before showing it.
    package func log(of trial: TrialID) async throws(ClientError) -> String {
        String(decoding: try await raw(.log(trial)), as: UTF8.self)
    }
}
