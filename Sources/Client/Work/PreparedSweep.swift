package import API
package import ConfigurationFiles
package import Datasets
import Foundation
import Hashing
package import Vocabulary

/// A sweep file that was read and checked, with its data made ready, on this host.
package struct PreparedSweep: Sendable {
    /// The file as the person named it.
    package var path: String
    /// The file's text.
    package var text: String
    /// What the text says.
    package var file: SweepFile
    /// The rows that trials get; nil when the file has no `data:`.
    package var table: PreparedTable?
    /// The digests of those rows; nil when the file has no `data:`.
    package var data: PreparedData?
    /// The code directory, packed; nil when no trainer runs the user's own.
    package var code: PreparedCode?

    /// Reads the sweep file at `path`, the data that it names and the code that it runs.
    ///
    /// - Parameters:
    ///   - path: The sweep file.
    ///   - code: The directory to pack in place of the one that the file names.
    /// - Returns: The sweep, ready to be submitted.
    /// - Throws: An error with the problems of the sweep file, or with those of its data or code.
    package static func read(
        _ path: String, code: String? = nil
    ) throws(ClientError) -> PreparedSweep {
        let bytes = try self.bytes(of: path)
        do {
            let file = try SweepFile.parse(bytes: bytes, file: path)
            let text = String(decoding: bytes, as: UTF8.self)
            var sweep = PreparedSweep(path: path, text: text, file: file)
            if let folder = file.code {
                sweep.code = try PreparedCode(code ?? Self.location(of: folder, beside: path))
            } else if code != nil {
                throw ClientError(
                    .badInput, "The sweep runs no code of its own.",
                    fix: "Leave --code out, or use the trainer python or command.")
            }
            guard let spec = file.data else { return sweep }
            return try sweep.adding(spec)
        } catch let error as Diagnostics {
            throw ClientError(error)
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.failed, "\(error)")
        }
    }

    /// Stores the data on the coordinator, as far as it is not there already, and submits.
    package func submit(to client: CoordinatorClient) async throws(ClientError) -> SweepAccepted {
        if let table, let data {
            try await Self.store(table.search, as: data.search, on: client)
            if let gate = table.gate, let digest = data.gate {
                try await Self.store(gate, as: digest, on: client)
            }
        }
        if let code {
            try await Self.store(code.bytes, as: code.bundle.digest, on: client)
            if let text = code.difference, let digest = code.bundle.difference {
                try await Self.store(text, as: digest, on: client)
            }
        }
        return try await client.submit(
            SweepSubmission(
                file: path, text: text, data: data, code: code?.bundle,
                user: ProcessInfo.processInfo.userName))
    }

    private static func store(
        _ bytes: [UInt8], as digest: Digest, on client: CoordinatorClient
    ) async throws(ClientError) {
        guard try await !client.hasArtifact(digest) else { return }
        try await client.store(bytes, as: digest)
    }

    private static func bytes(of path: String) throws(ClientError) -> [UInt8] {
        do {
            return try FileBytes.read(path, limit: Limits.sweepFileBytes)
        } catch {
            throw ClientError(
                .badInput, "The sweep file \(path) \(error.message).",
                fix: error.isMissing ? "configs/sweeps has examples." : "")
        }
    }

    /// The sweep with the table that `spec` describes.
    private func adding(_ spec: DataSpec) throws(Diagnostics) -> PreparedSweep {
        let source = Self.location(of: spec.path, beside: path)
        let bytes = try PreparedTable.read(source, file: source)
        let table = try PreparedTable.make(from: bytes, file: source, spec: spec)
        var sweep = self
        sweep.table = table
        sweep.data = PreparedData(
            spec: spec, source: Digest.of(bytes), search: Digest.of(table.search),
            searchBytes: UInt64(table.search.count), gate: table.gate.map { Digest.of($0) },
            gateBytes: UInt64(table.gate?.count ?? 0), validationRows: table.validationRows)
        return sweep
    }

    /// `path` as it stands when it is absolute, else from the folder of `file`.
    private static func location(of path: String, beside file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
