import API
import ConfigurationFiles
import HTTPTypes
import Hashing
import Hummingbird
import Scheduling
import Storage
import Vocabulary

extension Routes {
    /// POST sweeps: reads the file and hands the sweep to the coordinator.
    func submit(_ request: Request) async throws(Problem) -> Response {
        let submission = try await request.json(SweepSubmission.self, limit: bodyBytes)
        guard submission.text.utf8.count <= Limits.sweepFileBytes else {
            throw Problem(
                .tooLarge,
                "The sweep file has more than \(Limits.sweepFileBytes) bytes.",
                fix: "Describe large lists of values as ranges.")
        }
        let file: SweepFile
        do throws(Diagnostics) {
            file = try SweepFile.parse(submission.text, file: submission.file)
        } catch {
            throw Problem(
                .invalid, "The sweep file has problems.", diagnostics: error.all)
        }
        var spec = file.spec
        spec.data = try await data(of: submission, for: file)
        if let reference = file.dataSet { spec.dataSet = try await dataSet(reference) }
        spec.code = try await code(of: submission, for: file)
        spec.sharing.user = try user(of: submission)
        let command = Command.submit(
            spec, source: submission.text, seed: RandomBytes.randomSeed())
        let sweep = try await perform(command) { answer in
            if case .sweep(let sweep) = answer { sweep } else { nil as SweepID? }
        }
        return try .json(
            SweepAccepted(sweep: sweep, warnings: file.warnings), status: .created)
    }

    private func user(of submission: SweepSubmission) throws(Problem) -> String? {
        guard let user = submission.user else { return nil }
        guard (1...Limits.nameBytes).contains(user.utf8.count) else {
            throw Problem(
                .invalid, "The user's name has \(user.utf8.count) bytes.",
                fix: "Give 1 to \(Limits.nameBytes) bytes, or none.")
        }
        return user
    }

    /// The prepared data of a submission, once it was made as the file says and lies in the
    /// artifact store.
    private func data(
        of submission: SweepSubmission, for file: SweepFile
    ) async throws(Problem) -> PreparedData? {
        guard let wanted = file.data else {
            guard submission.data == nil else {
                throw Problem(
                    .invalid, "A prepared table was sent for a sweep file that describes none.")
            }
            return nil
        }
        let fix = "Submit with \"picoml sweep submit\", which prepares the data."
        guard let data = submission.data else {
            throw Problem(.invalid, "The sweep file has \"data\", but none was sent.", fix: fix)
        }
        guard data.spec == wanted else {
            throw Problem(
                .invalid, "The data was prepared in another way than the file says.", fix: fix)
        }
        try await expectStored(data.search, byteCount: data.searchBytes)
        if let gate = data.gate { try await expectStored(gate, byteCount: data.gateBytes) }
        return data
    }

    /// The packed code of a submission, once it lies in the artifact store.
    private func code(
        of submission: SweepSubmission, for file: SweepFile
    ) async throws(Problem) -> CodeBundle? {
        guard file.code != nil else {
            guard submission.code == nil else {
                throw Problem(.invalid, "Code was sent for a sweep that runs none.")
            }
            return nil
        }
        guard let code = submission.code else {
            throw Problem(
                .invalid, "The sweep runs code, but none was sent.",
                fix: "Submit with \"picoml sweep submit\", which packs the code.")
        }
        guard (code.commit ?? "").utf8.count <= Limits.nameBytes,
            (code.branch ?? "").utf8.count <= Limits.messageBytes
        else { throw Problem(.invalid, "The name of the code's commit or branch is too long.") }
        try await expectStored(code.digest, byteCount: code.byteCount, "code")
        if let difference = code.difference {
            try await expectStored(difference, byteCount: nil, "difference of the code")
        }
        return code
    }

    func expectStored(
        _ digest: Digest, byteCount: UInt64?, _ noun: String = "prepared data"
    ) async throws(Problem) {
        let artifacts = self.artifacts
        let stored = try await onDisk { () throws(StorageError) in
            try artifacts.byteCount(of: digest)
        }
        guard let stored, stored == byteCount ?? stored else {
            throw Problem(
                .conflict,
                stored == nil
                    ? "The \(noun) \(digest) is not stored."
                    : "The \(noun) \(digest) has another length than was said.",
                fix: "Send it with PUT \(APIPath.artifact(digest).text) first.")
        }
    }

    /// POST sweeps/ID/ACTION.
    func change(
        _ selector: SweepSelector, _ action: SweepAction, _ request: Request
    ) async throws(Problem) -> Response {
        try await request.jsonBytes(limit: bodyBytes)
        let sweep = try await number(of: selector)
        let command: Command =
            switch action {
            case .pause: .pause(sweep)
            case .resume: .resume(sweep)
            case .cancel: .cancel(sweep)
            }
        return try await done(command)
    }
}
