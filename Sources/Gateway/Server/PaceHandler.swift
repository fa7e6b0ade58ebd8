import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Vocabulary

/// The body of a request came in too slowly.
struct TooSlow: Error {}

/// Ends connections whose clients send or take bytes too slowly (Slowloris and its relatives).
///
/// Hummingbird closes connections that stay without a complete request head, but every byte of a
/// body resets its clock, and clients that never read their answer meet no clock at all.
final class PaceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let grace: TimeAmount
    private let bytesPerSecond: Int64
    private var isReading = false
    private var started = NIODeadline.distantPast
    private var received: Int64 = 0
    private var reading: Scheduled<Void>?
    private var writing: Scheduled<Void>?
    private var unwritten = 0

    /// A handler for one connection.
    init(_ limits: GatewayLimits) {
        grace = .nanoseconds(limits.grace.nanoseconds)
        bytesPerSecond = Int64(max(1, limits.bytesPerSecond))
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimers() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            received = 0
            started = .now()
            watchBody(context)
        case .body(let bytes): received += Int64(bytes.readableBytes)
        case .end:
            isReading = false
            reading?.cancel()
            reading = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd: Bool
        if case .end = unwrapOutboundIn(data) { isEnd = true } else { isEnd = false }
        let written = promise ?? context.eventLoop.makePromise()
        unwritten += 1
        watchAnswer(context)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (handler, context) = loopBound.value
            handler.unwritten -= 1
            handler.writing?.cancel()
            handler.writing = nil
            if handler.unwritten > 0 { handler.watchAnswer(context) }
        }
        context.write(data, promise: written)
        // Answered before all was read: what still comes is thrown away, but not for long.
        if isEnd, isReading { closeSoon(context) }
    }

    /// When the bytes that are here should have been here at the latest.
    private var deadline: NIODeadline {
        let seconds = received / bytesPerSecond
        return started + grace + .seconds(min(seconds, 1 << 30))
    }

    private func watchBody(_ context: ChannelHandlerContext) {
        reading?.cancel()
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        reading = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = loopBound.value
            handler.checkBody(context)
        }
    }

    private func checkBody(_ context: ChannelHandlerContext) {
        reading = nil
        guard isReading, context.channel.isActive else { return }
        guard deadline <= .now() else { return watchBody(context) }
        context.fireErrorCaught(TooSlow())
        closeSoon(context)
    }

    private func closeSoon(_ context: ChannelHandlerContext) {
        reading?.cancel()
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        reading = context.eventLoop.scheduleTask(in: min(grace, .seconds(1))) {
            loopBound.value.close(promise: nil)
        }
    }

    private func watchAnswer(_ context: ChannelHandlerContext) {
        guard writing == nil else { return }
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        writing = context.eventLoop.scheduleTask(in: grace) { loopBound.value.close(promise: nil) }
    }

    private func cancelTimers() {
        reading?.cancel()
        writing?.cancel()
        reading = nil
        writing = nil
    }
}
