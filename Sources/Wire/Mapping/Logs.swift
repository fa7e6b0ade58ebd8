import FoundationEssentials
import SwiftProtobuf
import Vocabulary

extension SchemaLogRequest {
    init(_ request: LogRequest) {
        self.request = request.request.number
        attempt = SchemaAttemptName(request.attempt)
        offset = request.offset
    }

    func decoded() throws(WireError) -> LogRequest {
        LogRequest(
            request: RequestID(request), attempt: try attempt.decoded("read_log.attempt"),
            offset: offset)
    }
}

extension SchemaLogPart {
    init(_ part: LogPart) {
        request = part.request.number
        offset = part.offset
        content = Data(part.bytes)
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> LogPart {
        try scrutiny.count(content.count, atMost: Limits.logPartBytes, "log.content")
        return LogPart(request: RequestID(request), offset: offset, bytes: Array(content))
    }
}
