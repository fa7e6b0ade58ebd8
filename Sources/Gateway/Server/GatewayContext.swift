import Hashing
import Hummingbird
import NIOCore

/// What belongs to one request.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection, for interim responses.
    let channel: any Channel
    /// The name under which answer and log know the request.
    let requestID: String

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
        requestID = String(RandomBytes.hexToken().prefix(16))
    }
}
