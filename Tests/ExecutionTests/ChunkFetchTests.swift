import Execution
import Testing
import Vocabulary

/// What a worker asks of whom when it brings a data set to its host.
struct ChunkFetchTests {
    private let second = ChunkSource.worker(WorkerID(2))
    private let third = ChunkSource.worker(WorkerID(3))

    private func orders(_ chunks: [Int], of source: ChunkSource) -> [ChunkOrder] {
        chunks.map { ChunkOrder(chunk: $0, source: source) }
    }

    @Test func `the coordinator is asked for what is missing, in order and a window at a time`() {
        var held = ChunkSet(count: 6)
        held.insert(1)
        var fetch = ChunkFetch(held: held, window: 3)
        let first = fetch.ordersToCoordinator()
        #expect(first == orders([0, 2, 3], of: .coordinator))
        let accepted = fetch.accept(first, at: .zero)
        #expect(accepted == first)
        #expect(fetch.room == 0)
        let none = fetch.ordersToCoordinator()
        #expect(none.isEmpty)
        let arrival = fetch.arrived(2, from: .coordinator, isRight: true, at: .zero)
        #expect(arrival == .kept)
        let next = fetch.ordersToCoordinator()
        #expect(next == orders([4], of: .coordinator))
    }

    @Test func `no chunk is asked for twice, nor when it is here or beyond the end`() {
        var held = ChunkSet(count: 4)
        held.insert(0)
        var fetch = ChunkFetch(held: held, window: 10)
        let accepted = fetch.accept(orders([0, 1, 1, 7, -1], of: second), at: .zero)
        #expect(accepted == orders([1], of: second))
        #expect(fetch.accept(orders([1], of: third), at: .zero).isEmpty)
    }

    @Test func `bytes that nobody was asked for are useless`() {
        var fetch = ChunkFetch(held: ChunkSet(count: 4), window: 10)
        _ = fetch.accept(orders([1], of: second), at: .zero)
        #expect(fetch.arrived(1, from: third, isRight: true, at: .zero) == .useless)
        #expect(fetch.arrived(2, from: second, isRight: true, at: .zero) == .useless)
        #expect(fetch.arrived(1, from: second, isRight: true, at: .zero) == .kept)
        #expect(fetch.arrived(1, from: second, isRight: true, at: .zero) == .useless)
    }

    @Test func `a worker that lies is asked no more, and its chunks are asked of others`() {
        var fetch = ChunkFetch(held: ChunkSet(count: 4), window: 10)
        _ = fetch.accept(orders([0, 1], of: second) + orders([2], of: third), at: .zero)
        #expect(fetch.arrived(0, from: second, isRight: false, at: .zero) == .wrong)
        #expect(fetch.distrusted == [WorkerID(2)])
        #expect(fetch.sources == [third])
        #expect(fetch.accept(orders([0], of: second), at: .zero).isEmpty)
        #expect(fetch.accept(orders([0, 1], of: third), at: .zero).count == 2)
        #expect(fetch.arrived(1, from: second, isRight: true, at: .zero) == .useless)
    }

    @Test func `a silent source is given up, and one that sends something is not`() {
        var fetch = ChunkFetch(held: ChunkSet(count: 9), window: 9)
        _ = fetch.accept(
            orders([0, 1], of: second) + orders([2, 3], of: third)
                + orders([4], of: .coordinator), at: .zero)
        let soon = Instant.zero + ChunkFetch.patience
        _ = fetch.arrived(2, from: third, isRight: true, at: soon)
        #expect(fetch.giveUpSilent(at: soon) == [second])
        #expect(fetch.distrusted == [WorkerID(2)])
        #expect(fetch.nextDeadline == soon + ChunkFetch.patience)
        // The coordinator is never distrusted: there is nobody else in the end.
        #expect(
            fetch.giveUpSilent(at: .zero + ChunkFetch.coordinatorPatience)
                == [.coordinator, third])
        #expect(fetch.nextDeadline == nil)
        #expect(fetch.accept(orders([4], of: .coordinator), at: soon).count == 1)
    }

    @Test func `it is complete when every chunk was kept`() {
        var fetch = ChunkFetch(held: ChunkSet(count: 3), window: 2)
        while !fetch.isComplete {
            let wanted = fetch.ordersToCoordinator()
            let next = fetch.accept(wanted, at: .zero)
            #expect(!next.isEmpty)
            for order in next {
                #expect(
                    fetch.arrived(order.chunk, from: .coordinator, isRight: true, at: .zero)
                        == .kept)
            }
        }
        #expect(fetch.room == 0)
        #expect(fetch.nextDeadline == nil)
    }
}
