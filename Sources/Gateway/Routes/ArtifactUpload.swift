import API
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Storage
import Vocabulary

extension Routes {
    /// PUT artifacts/DIGEST: takes the bytes, or the rest of them, as they come.
    func upload(
        _ digest: Digest, _ request: Request, _ context: GatewayContext
    ) async throws(Problem) -> Response {
        try request.refuseContentCoding()
        guard let length = request.contentLength.flatMap(UInt64.init(exactly:)) else {
            throw Problem(
                .lengthRequired, "The upload does not say how long it is.",
                fix: "Send a Content-Length.")
        }
        guard
            let brought = ContentRange.brought(
                request.head.headerFields[.contentRange], length: length)
        else {
            throw Problem(
                .malformed, "Content-Range and Content-Length contradict each other.",
                fix: "Send \"Content-Range: bytes FIRST-LAST/LENGTH\".")
        }
        let artifacts = self.artifacts
        let progress = try await onDisk { () throws(StorageError) in
            try artifacts.begin(digest, byteCount: brought.byteCount)
        }
        guard case .send(let offset) = progress else {
            return try stored(digest, brought.byteCount)
        }
        guard let first = brought.first else { return Self.unfinished(offset) }
        guard first <= offset else {
            throw Problem(
                .conflict, "The upload begins at byte \(first), but only \(offset) are here.",
                fix: "Begin at byte \(offset).")
        }
        try await Self.allow(request, context)
        return try await receive(request, digest, from: first, byteCount: brought.byteCount)
    }

    private func receive(
        _ request: Request, _ digest: Digest, from first: UInt64, byteCount: UInt64
    ) async throws(Problem) -> Response {
        var position = first
        var progress = ArtifactStore.Progress.send(offset: first)
        var chunk: [UInt8] = []
        do {
            for try await buffer in request.body {
                chunk.append(contentsOf: buffer.readableBytesView)
                guard chunk.count >= Limits.artifactChunkBytes else { continue }
                progress = try await write(chunk, at: position, of: digest)
                position += UInt64(chunk.count)
                chunk.removeAll(keepingCapacity: true)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Request.unreadable(error)
        }
        progress = try await write(chunk, at: position, of: digest)
        return switch progress {
        case .stored: try stored(digest, byteCount, status: .created)
        case .send(let offset): Self.unfinished(offset)
        }
    }

    private func write(
        _ bytes: [UInt8], at offset: UInt64, of digest: Digest
    ) async throws(Problem) -> ArtifactStore.Progress {
        let artifacts = self.artifacts
        return try await onDisk { () throws(StorageError) in
            try artifacts.write(digest, offset: offset, bytes: bytes)
        }
    }

    private func stored(
        _ digest: Digest, _ byteCount: UInt64, status: HTTPResponse.Status = .ok
    ) throws(Problem) -> Response {
        try .json(ArtifactStored(digest: digest, byteCount: byteCount), status: status)
    }

    private static func unfinished(_ offset: UInt64) -> Response {
        Response(status: .accepted, headers: [.uploadOffset: "\(offset)"])
    }

    /// Tells a client that waits for permission to send its body: without it, curl and all that
    /// is built on it wait a second.
    private static func allow(
        _ request: Request, _ context: GatewayContext
    ) async throws(Problem) {
        guard request.head.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        do {
            let part = HTTPResponsePart.head(HTTPResponse(status: .continue))
            try await context.channel.writeAndFlush(part)
        } catch {
            throw Problem(.malformed, "The connection ended before the body came.")
        }
    }
}
