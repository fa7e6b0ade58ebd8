package import Vocabulary
import SwiftProtobuf

/// Messages of the artifact socket, one in a frame; `Schema/picoml.proto` describes the bytes.
///
/// The bytes of an artifact follow the message as they are, so that they are copied once on each
/// side and no checksum but the artifact's own is computed over them.
package enum ArtifactCodec {
    /// The frame with `request`.
    package static func encode(_ request: ArtifactRequest) -> [UInt8] {
        typealias Kind = SchemaArtifactRequestKind
        var part = SchemaArtifactPart()
        switch request {
        case .offer(let digest, let byteCount):
            part.digest = digest.data
            part.total = byteCount
            return frame(.artifactRequest, Kind.offer, part)
        case .chunk(let digest, let offset, let bytes):
            part.digest = digest.data
            part.offset = offset
            part.count = UInt32(clamping: bytes.count)
            return frame(.artifactRequest, Kind.chunk, part, bytes)
        case .fetch(let digest, let offset, let byteCount):
            part.digest = digest.data
            part.offset = offset
            part.count = byteCount
            return frame(.artifactRequest, Kind.fetch, part)
        case .want(let want): return frame(.artifactRequest, Kind.want, SchemaDataWant(want))
        case .share(let share): return frame(.artifactRequest, Kind.share, SchemaDataShare(share))
        }
    }

    /// The frame with `reply`.
    package static func encode(_ reply: ArtifactReply) -> [UInt8] {
        typealias Kind = SchemaArtifactReplyKind
        var part = SchemaArtifactPart()
        switch reply {
        case .send(let digest, let offset):
            part.digest = digest.data
            part.offset = offset
            return frame(.artifactReply, Kind.send, part)
        case .stored(let digest):
            part.digest = digest.data
            return frame(.artifactReply, Kind.stored, part)
        case .bytes(let digest, let offset, let byteCount, let bytes):
            part.digest = digest.data
            part.offset = offset
            part.count = UInt32(clamping: bytes.count)
            part.total = byteCount
            return frame(.artifactReply, Kind.bytes, part, bytes)
        case .refused(let digest, let reason):
            part.digest = digest.data
            part.reason = reason
            return frame(.artifactReply, Kind.refused, part)
        case .orders(let orders):
            return frame(.artifactReply, Kind.orders, SchemaDataOrders(orders))
        case .guests(let keys): return frame(.artifactReply, Kind.guests, SchemaDataGuests(keys))
        }
    }

    /// The request in `frame`; nil when it is of a newer version and marked as optional.
    ///
    /// - Throws: `WireError` when `frame` is not such a frame or exceeds a limit.
    package static func decodeRequest(
        _ frame: Span<UInt8>
    ) throws(WireError) -> ArtifactRequest? {
        let (reader, entry) = try open(frame, .artifactRequest)
        let kind = SchemaArtifactRequestKind(rawValue: Int(entry.kind))
        if kind != .chunk { try reader.requireNoPayload(frame) }
        let part: SchemaArtifactPart
        switch kind {
        case .offer, .chunk, .fetch: part = try entry.decode(SchemaArtifactPart.self, frame)
        case .want: return .want(try entry.decode(SchemaDataWant.self, frame).decoded())
        case .share: return .share(try entry.decode(SchemaDataShare.self, frame).decoded())
        case .unspecified, .UNRECOGNIZED, nil:
            try entry.skipIfOptional(version: reader.version)
            return nil
        }
        let digest = try Structure.digest(part.digest, "artifact.digest")
        if kind == .offer { return .offer(digest, byteCount: try size(part.total)) }
        try requireWithin(part, total: Limits.artifactBytes)
        guard kind == .chunk else {
            return .fetch(digest, offset: part.offset, byteCount: part.count)
        }
        return .chunk(digest, offset: part.offset, bytes: try payload(part, frame, reader.end))
    }

    /// The reply in `frame`; nil when it is of a newer version and marked as optional.
    ///
    /// - Throws: `WireError` when `frame` is not such a frame or exceeds a limit.
    package static func decodeReply(_ frame: Span<UInt8>) throws(WireError) -> ArtifactReply? {
        let (reader, entry) = try open(frame, .artifactReply)
        let kind = SchemaArtifactReplyKind(rawValue: Int(entry.kind))
        if kind != .bytes { try reader.requireNoPayload(frame) }
        switch kind {
        case .unspecified, .UNRECOGNIZED, nil:
            try entry.skipIfOptional(version: reader.version)
            return nil
        case .orders: return .orders(try entry.decode(SchemaDataOrders.self, frame).decoded())
        case .guests: return .guests(try entry.decode(SchemaDataGuests.self, frame).decoded())
        case .send, .stored, .bytes, .refused: break
        }
        let part = try entry.decode(SchemaArtifactPart.self, frame)
        let digest = try Structure.digest(part.digest, "artifact.digest")
        switch kind {
        case .send: return .send(digest, offset: try size(part.offset))
        case .bytes:
            try requireWithin(part, total: try size(part.total))
            return .bytes(
                digest, offset: part.offset, byteCount: part.total,
                bytes: try payload(part, frame, reader.end))
        case .refused:
            return .refused(
                digest, reason: try Scrutiny.peer.text(part.reason, "artifact.reason"))
        default: return .stored(digest)
        }
    }

    private static func frame(
        _ content: FrameContent, _ kind: some RawRepresentable<Int>,
        _ body: some SwiftProtobuf.Message,
        _ bytes: [UInt8] = []
    ) -> [UInt8] {
        let body = body.body
        let capacity = bytes.count + body.count + 64
        var writer = FrameWriter(content, version: ProtocolVersion.current, capacity: capacity)
        writer.append(kind: kind.rawValue, body: body)
        return writer.finish(payload: bytes)
    }

    private static func open(
        _ frame: Span<UInt8>, _ content: FrameContent
    ) throws(WireError) -> (FrameReader, FrameEntry) {
        guard frame.count <= Limits.artifactFrameBytes else {
            throw .tooLarge(count: frame.count, limit: Limits.artifactFrameBytes)
        }
        var reader = try FrameReader(frame, content: content, limit: 1)
        guard let entry = try reader.next(frame) else {
            throw .invalid(field: "artifact", problem: "is missing")
        }
        _ = try reader.next(frame)
        return (reader, entry)
    }

    private static func size(_ byteCount: UInt64) throws(WireError) -> UInt64 {
        try Scrutiny.peer.number(byteCount, in: 0...Limits.artifactBytes, "artifact.total")
    }

    /// Refuses a part that is longer than a chunk or reaches beyond `total`.
    private static func requireWithin(
        _ part: SchemaArtifactPart, total: UInt64
    ) throws(WireError) {
        let count = try Scrutiny.peer.number(
            part.count, in: 0...UInt32(Limits.artifactChunkBytes), "artifact.count")
        try Scrutiny.peer.require(
            part.offset <= total && UInt64(count) <= total - part.offset, "artifact.offset",
            "reaches beyond the end of the artifact")
    }

    /// The bytes behind the entry, which must be as many as `part` says.
    private static func payload(
        _ part: SchemaArtifactPart, _ frame: Span<UInt8>, _ start: Int
    ) throws(WireError) -> [UInt8] {
        let count = frame.count - start
        guard count == Int(part.count) else {
            throw .length(declared: start + Int(part.count), present: frame.count)
        }
        return frame.extracting(start..<frame.count).copy()
    }
}
