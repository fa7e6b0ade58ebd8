import API
import HTTPTypes
import Hummingbird
import NIOCore
import Storage
import Vocabulary

extension Routes {
    /// GET and HEAD artifacts/DIGEST: the bytes, or the part that Range names.
    func download(_ digest: Digest, _ request: Request) async throws(Problem) -> Response {
        try await content(
            of: digest, mediaType: "application/octet-stream",
            range: request.head.headerFields[.range])
    }

    /// The bytes of an artifact, or the part of them that `range` names, as they are read.
    func content(
        of digest: Digest, mediaType: String, range: String? = nil
    ) async throws(Problem) -> Response {
        let artifacts = self.artifacts
        let size = try await onDisk { () throws(StorageError) in
            try artifacts.byteCount(of: digest)
        }
        guard let size else { throw Self.problem(StorageError.unknownArtifact(digest)) }
        var headers: HTTPFields = [
            .contentType: mediaType, .acceptRanges: "bytes", .eTag: "\"\(digest)\"",
        ]
        switch ContentRange.wanted(range, of: size) {
        case .all:
            return Response(status: .ok, headers: headers, body: body(of: digest, 0..<size))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return Response(
                status: .partialContent, headers: headers, body: body(of: digest, part))
        case .outside:
            throw Problem(
                .rangeNotSatisfiable, "The artifact has only \(size) bytes.",
                fix: "Ask for bytes below \(size).")
        }
    }

    private func body(of digest: Digest, _ part: Range<UInt64>) -> ResponseBody {
        let artifacts = self.artifacts
        return ResponseBody(contentLength: Int(clamping: part.upperBound - part.lowerBound)) {
            writer in
            var position = part.lowerBound
            while position < part.upperBound {
                let offset = position
                let count = min(UInt64(Limits.artifactChunkBytes), part.upperBound - offset)
                let bytes = try await onDisk { () throws(StorageError) in
                    try artifacts.read(digest, offset: offset, count: Int(count))
                }
                guard !bytes.isEmpty else { throw StorageError.unknownArtifact(digest) }
                try await writer.write(ByteBuffer(bytes: bytes))
                position += UInt64(bytes.count)
            }
            try await writer.finish(nil)
        }
    }
}
