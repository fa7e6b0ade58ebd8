import Testing
import Trainers
import Vocabulary

/// The lines between a worker and its trial process.
@Suite struct ChannelTests {
    static let messages: [(TrialProcessMessage, String)] = [
        (
            .report(step: 3, metrics: [Metric("mae", 2), Metric("rmse", 12.5)]),
            #"{"report":{"metrics":{"mae":2,"rmse":12.5},"step":3}}"#
        ),
        (
            .artifact(name: "model/MLmodel", path: "model/MLmodel"),
            #"{"artifact":{"name":"model/MLmodel","path":"model/MLmodel"}}"#
        ),
        (
            .result(metrics: [Metric("rmse", .infinity)]),
            #"{"result":{"metrics":{"rmse":"Infinity"}}}"#
        ),
        (
            .failure(.trainerError, message: "no \"eta\"\n"),
            #"{"failure":{"class":"trainer_error","message":"no \"eta\"\n"}}"#
        ),
    ]

    @Test(arguments: messages)
    func `a message is one line of JSON and is read back`(
        message: TrialProcessMessage, line: String
    ) throws {
        let bytes = try ChannelCoding.line(for: message)
        #expect(String(decoding: bytes, as: UTF8.self) == line + "\n")
        #expect(try ChannelCoding.message(Array(bytes.dropLast())) == message)
    }

    @Test func `not a number is carried`() throws {
        let bytes = try ChannelCoding.line(for: .result(metrics: [Metric("rmse", .nan)]))
        guard case .result(let metrics) = try ChannelCoding.message(bytes) else {
            Issue.record("another message came back")
            return
        }
        #expect(metrics.map(\.value.isNaN) == [true])
    }

    @Test(arguments: [StopReason.pruned, .cancelled, .fenced])
    func `a request to stop is read back`(reason: StopReason) throws {
        let bytes = try ChannelCoding.line(forStop: reason)
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"stop\":\"\(reason.rawValue)\"}\n")
        #expect(try ChannelCoding.stop(bytes) == reason)
    }

    @Test(arguments: [
        "", "hello", "[]", "{}", "null", "\u{0}", #"{"report":{}}"#, #"{"stop":"pruned"}"#,
        #"{"report":{"step":-1,"metrics":{}}}"#, #"{"report":{"step":1.5,"metrics":{}}}"#,
        #"{"report":{"step":1,"metrics":{"rmse":"12"}}}"#,
        #"{"report":{"step":1,"metrics":{"rmse":null}}}"#,
        #"{"report":{"step":1,"metrics":{"":1}}}"#,
        #"{"report":{"step":18446744073709551616,"metrics":{}}}"#,
        #"{"result":{"metrics":{}},"failure":{"class":"timeout","message":""}}"#,
        #"{"failure":{"class":"bad luck","message":""}}"#,
        #"{"artifact":{"name":"a"}}"#, #"{"unknown":{}}"#,
        #"{"result":{"metrics":{}},"unknown":1}"#,
    ])
    func `anything else is an error`(line: String) {
        #expect(throws: ChannelError.self) { try ChannelCoding.message(Array(line.utf8)) }
    }

    @Test func `limits on metrics, names and texts hold`() {
        let many = (0...Limits.metricsPerReport).map { #""m\#($0)":1"# }.joined(separator: ",")
        let long = String(repeating: "n", count: Limits.messageBytes + 9)
        for line in [
            #"{"result":{"metrics":{\#(many)}}}"#, #"{"result":{"metrics":{"\#(long)":1}}}"#,
            #"{"artifact":{"name":"\#(long)","path":"a"}}"#,
            #"{"failure":{"class":"timeout","message":"\#(long)"}}"#,
        ] {
            #expect(throws: ChannelError.self) { try ChannelCoding.message(Array(line.utf8)) }
        }
    }

    @Test func `deep nesting is an error`() {
        let line = String(repeating: #"{"report":"#, count: 6000)
        #expect(throws: ChannelError.self) { try ChannelCoding.message(Array(line.utf8)) }
    }

    @Test(arguments: 0..<4)
    func `a failure's long text is cut so that it can be read`(shift: Int) throws {
        let text = String(repeating: "x", count: shift) + String(repeating: "客", count: 5000)
        let bytes = try ChannelCoding.line(for: .failure(.trainerError, message: text))
        guard case .failure(_, let message) = try ChannelCoding.message(bytes) else {
            Issue.record("another message came back")
            return
        }
        #expect(abs(message.utf8.count - Limits.messageBytes) <= 8)
    }

    @Test func `bytes become lines wherever they are cut`() throws {
        let text = Array("one\ntwo\n\nthree".utf8)
        for cut in 0...text.count {
            var buffer = LineBuffer()
            let lines = try buffer.append(text[..<cut]) + buffer.append(text[cut...])
            #expect(lines == [Array("one".utf8), Array("two".utf8), []])
        }
    }

    @Test func `a line too long is an error`() throws {
        var buffer = LineBuffer()
        let longest = [UInt8](repeating: 1, count: LineBuffer.lineBytes)
        #expect(try buffer.append(longest).isEmpty)
        #expect(try buffer.append([UInt8(ascii: "\n")]) == [longest])
        #expect(try buffer.append(longest).isEmpty)
        #expect(throws: ChannelError.self) { try buffer.append([1]) }
    }
}
