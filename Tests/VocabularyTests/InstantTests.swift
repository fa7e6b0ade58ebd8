import Testing
import Vocabulary

@Suite struct `An instant` {
    @Test func `moves by spans`() {
        let start = Instant(nanoseconds: 5)
        let later = start + .seconds(2)
        #expect(later == Instant(nanoseconds: 2_000_000_005))
        #expect(later - start == .seconds(2))
        #expect(start - later == .seconds(-2))
        #expect(start < later && !(later < start))
        #expect(.zero + .nanoseconds(-1) < Instant.zero)
    }

    @Test func `stays at the ends of the clock`() {
        let last = Instant(nanoseconds: .max)
        let first = Instant(nanoseconds: .min)
        #expect(last + .nanoseconds(1) == last)
        #expect(first + .nanoseconds(-1) == first)
        #expect(Instant.zero + .seconds(Int64.max) == last)
        #expect(Instant.zero + .seconds(Int64.min) == first)
        #expect(last + .seconds(-1) < last)
    }

    @Test func `differs across the whole clock without a trap`() {
        let span = Instant(nanoseconds: .max) - Instant(nanoseconds: .min)
        #expect(span.components.seconds == 18_446_744_073)
        #expect(span.nanoseconds == .max)
        #expect((Instant(nanoseconds: .min) - Instant(nanoseconds: .max)).nanoseconds == .min)
    }

    @Test(
        arguments: [
            (.zero, 0), (.seconds(1), 1_000_000_000), (.milliseconds(-1500), -1_500_000_000),
            (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
            (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
        ] as [(Duration, Int64)])
    func `counts a span in nanoseconds`(span: Duration, nanoseconds: Int64) {
        #expect(span.nanoseconds == nanoseconds)
    }

    @Test func `counts a span in seconds`() {
        #expect(Duration.milliseconds(1500).inSeconds == 1.5)
        #expect(Duration.milliseconds(-250).inSeconds == -0.25)
        #expect(Duration.zero.inSeconds == 0)
    }
}
