import Scheduling
import Testing
import Vocabulary

/// Who gets which chunk from whom when several workers want the same data set.
struct SwarmTests {
    /// Workers that ask, fetch and ask again, in turns; each chunk takes one turn.
    private struct World {
        var swarm: Swarm
        var held: [WorkerID: ChunkSet] = [:]
        var requested: [WorkerID: [Int: ChunkSource]] = [:]
        var distrusted: [WorkerID: [WorkerID]] = [:]
        var servers: Set<WorkerID> = []
        var now = Instant.zero
        /// Chunks that left the coordinator.
        var sent = 0
        /// Chunks that left each worker.
        var given: [WorkerID: Int] = [:]
        let digest: Digest

        init(chunks: Int, workers: UInt32, serving: Bool = true) throws {
            digest = try SchedulingTests.digest(1)
            swarm = Swarm(chunkCount: chunks)
            for number in 1...workers {
                held[WorkerID(number)] = ChunkSet(count: chunks)
                if serving { servers.insert(WorkerID(number)) }
            }
        }

        var isComplete: Bool { held.values.allSatisfy(\.isComplete) }

        mutating func ask(_ worker: WorkerID, room: Int = 8) -> [ChunkOrder] {
            let want = DataWant(
                digest: digest, held: held[worker] ?? ChunkSet(count: 0),
                requested: (requested[worker] ?? [:]).keys.sorted(), room: room,
                distrusted: distrusted[worker] ?? [])
            let orders = swarm.assign(
                want, to: worker, isSharing: servers.contains(worker), at: now)
            for order in orders { requested[worker, default: [:]][order.chunk] = order.source }
            return orders
        }

        /// Everything that was asked for arrives, but for what `fails` holds for.
        mutating func deliver(_ worker: WorkerID, fails: (ChunkSource) -> Bool = { _ in false }) {
            for (chunk, source) in requested[worker] ?? [:] {
                if fails(source) {
                    if case .worker(let liar) = source {
                        distrusted[worker, default: []].append(liar)
                    }
                    continue
                }
                switch source {
                case .coordinator: sent += 1
                case .worker(let peer):
                    given[peer, default: 0] += 1
                    #expect(held[peer]?.contains(chunk) == true, "\(peer) lacks \(chunk)")
                }
                held[worker]?.insert(chunk)
            }
            requested[worker] = [:]
        }

        mutating func run(turns: Int, fails: (ChunkSource) -> Bool = { _ in false }) {
            for _ in 0..<turns where !isComplete {
                for worker in held.keys.sorted() { _ = ask(worker) }
                for worker in held.keys.sorted() { deliver(worker, fails: fails) }
                now = now + .milliseconds(100)
            }
        }
    }

    @Test(arguments: [2, 8, 40] as [UInt32])
    func `each chunk leaves the coordinator once, however many workers want it`(
        workers: UInt32
    ) throws {
        var world = try World(chunks: 100, workers: workers)
        world.run(turns: 400)
        #expect(world.isComplete)
        #expect(world.sent == 100)
        #expect(world.given.values.reduce(0, +) == 100 * Int(workers - 1))
    }

    @Test func `where nobody serves, everybody is sent everything`() throws {
        var world = try World(chunks: 100, workers: 8, serving: false)
        world.run(turns: 400)
        #expect(world.isComplete)
        #expect(world.sent == 800)
    }

    @Test func `the work is spread over all that have something to give`() throws {
        var world = try World(chunks: 400, workers: 8)
        world.run(turns: 1000)
        #expect(world.isComplete)
        let share = world.given.values.sorted()
        #expect(share.count == 8)
        #expect(share.first ?? 0 > 100, "\(share)")
    }

    @Test func `workers begin at different places`() throws {
        var world = try World(chunks: 1000, workers: 8)
        let first = (1...8).compactMap { world.ask(WorkerID($0)).first?.chunk }
        #expect(Set(first).count == 8)
    }

    @Test func `a worker that has everything is asked before the coordinator`() throws {
        var world = try World(chunks: 50, workers: 3)
        world.swarm.complete(WorkerID(3), at: .zero)
        world.held[WorkerID(3)] = ChunkSet(count: 50, isFull: true)
        world.run(turns: 100)
        #expect(world.isComplete)
        #expect(world.sent == 0)
    }

    @Test func `what a liar has is fetched elsewhere`() throws {
        var world = try World(chunks: 60, workers: 4)
        let liar = WorkerID(4)
        world.swarm.complete(liar, at: .zero)
        world.held[liar] = ChunkSet(count: 60, isFull: true)
        world.run(turns: 300) { $0 == .worker(liar) }
        #expect(world.isComplete)
        #expect(world.given[liar] == nil)
        #expect(world.sent == 60)
    }

    @Test func `a worker that dies while it brings a chunk is waited for no longer than patience`()
        throws
    {
        var world = try World(chunks: 4, workers: 2)
        #expect(world.ask(WorkerID(1)).count == 4)
        #expect(world.ask(WorkerID(2)).isEmpty)
        world.now = world.now + Swarm.patience
        #expect(world.ask(WorkerID(2)).map(\.source) == Array(repeating: .coordinator, count: 4))
    }

    @Test func `what a worker no longer asks for is open to others at once`() throws {
        var world = try World(chunks: 4, workers: 2)
        _ = world.ask(WorkerID(1))
        world.requested[WorkerID(1)] = [:]
        _ = world.ask(WorkerID(1), room: 0)
        #expect(world.ask(WorkerID(2)).count == 4)
    }

    @Test func `a worker that left, or is silent for long, is not sent to`() throws {
        var world = try World(chunks: 4, workers: 2)
        world.swarm.complete(WorkerID(1), at: .zero)
        #expect(world.swarm.workers == [WorkerID(1)])
        world.swarm.remove(WorkerID(1))
        #expect(world.ask(WorkerID(2)).allSatisfy { $0.source == .coordinator })
        var other = try World(chunks: 4, workers: 2)
        other.swarm.complete(WorkerID(1), at: .zero)
        other.now = .zero + Swarm.memory
        #expect(other.ask(WorkerID(2)).allSatisfy { $0.source == .coordinator })
    }

    @Test func `no more is asked of one worker at once than it can give`() throws {
        var world = try World(chunks: 200, workers: 3)
        world.swarm.complete(WorkerID(1), at: .zero)
        world.held[WorkerID(1)] = ChunkSet(count: 200, isFull: true)
        var orders: [ChunkOrder] = []
        for worker in [2, 3] as [UInt32] { orders += world.ask(WorkerID(worker), room: 64) }
        #expect(orders.count { $0.source == .worker(WorkerID(1)) } == 32)
        #expect(!orders.contains { $0.source == .coordinator })
    }
}
