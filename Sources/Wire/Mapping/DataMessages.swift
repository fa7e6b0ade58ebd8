import SwiftProtobuf
import Vocabulary

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SchemaDataWant {
    init(_ want: DataWant) {
        digest = want.digest.data
        chunkCount = UInt32(clamping: want.held.count)
        held = Data(want.held.bytes)
        requested = want.requested.map { UInt32(clamping: $0) }
        room = UInt32(clamping: want.room)
        distrusted = want.distrusted.map(\.number)
    }

    func decoded() throws(WireError) -> DataWant {
        let scrutiny = Scrutiny.peer
        let count = try scrutiny.number(
            chunkCount, in: 1...UInt32(Limits.chunksPerDataSet), "want.chunk_count")
        guard let set = ChunkSet(bytes: Array(held), count: Int(count)) else {
            throw .invalid(field: "want.held", problem: "is not a bit for each chunk")
        }
        try scrutiny.count(requested.count, atMost: Limits.chunksPerOrder, "want.requested")
        try scrutiny.count(distrusted.count, atMost: Limits.distrustedPeers, "want.distrusted")
        try scrutiny.require(
            requested.allSatisfy { $0 < count }, "want.requested", "is beyond the last chunk")
        return DataWant(
            digest: try Structure.digest(digest, "want.digest"), held: set,
            requested: requested.map { Int($0) },
            room: Int(
                try scrutiny.number(room, in: 0...UInt32(Limits.chunksPerOrder), "want.room")),
            distrusted: try Structure.list(distrusted) { number throws(WireError) in
                WorkerID(try Structure.positive(number, "want.distrusted"))
            })
    }
}

extension SchemaDataOrders {
    init(_ answer: DataOrders) {
        digest = answer.digest.data
        orders = answer.orders.map { order in
            var schema = SchemaChunkOrder()
            schema.chunk = UInt32(clamping: order.chunk)
            if case .worker(let worker) = order.source { schema.worker = worker.number }
            return schema
        }
        peers = answer.peers.map { peer in
            var schema = SchemaDataPeer()
            schema.worker = peer.worker.number
            schema.endpoint = peer.endpoint
            schema.key = peer.key
            return schema
        }
    }

    func decoded() throws(WireError) -> DataOrders {
        let scrutiny = Scrutiny.peer
        try scrutiny.count(orders.count, atMost: Limits.chunksPerOrder, "orders.orders")
        try scrutiny.count(peers.count, atMost: Limits.chunksPerOrder, "orders.peers")
        return DataOrders(
            digest: try Structure.digest(digest, "orders.digest"),
            orders: orders.map { order in
                ChunkOrder(
                    chunk: Int(order.chunk),
                    source: order.worker == 0 ? .coordinator : .worker(WorkerID(order.worker)))
            },
            peers: try Structure.list(peers) { peer throws(WireError) in
                DataPeer(
                    worker: WorkerID(try Structure.positive(peer.worker, "peer.worker")),
                    endpoint: try scrutiny.name(peer.endpoint, "peer.endpoint"),
                    key: try Structure.curveKey(peer.key, "peer.key"))
            })
    }
}

extension SchemaDataShare {
    init(_ share: DataShare) {
        port = UInt32(share.port)
        key = share.key
        complete = share.complete.map(\.data)
    }

    func decoded() throws(WireError) -> DataShare {
        let scrutiny = Scrutiny.peer
        try scrutiny.count(complete.count, atMost: Limits.sharedDataSets, "share.complete")
        return DataShare(
            port: UInt16(try scrutiny.number(port, in: 1...65_535, "share.port")),
            key: try Structure.curveKey(key, "share.key"),
            complete: try Structure.list(complete) { digest throws(WireError) in
                try Structure.digest(digest, "share.complete")
            })
    }
}

extension SchemaDataGuests {
    init(_ keys: [String]) { self.keys = keys }

    func decoded() throws(WireError) -> [String] {
        try Scrutiny.peer.count(keys.count, atMost: Limits.chunksPerOrder, "guests.keys")
        return try Structure.list(keys) { key throws(WireError) in
            try Structure.curveKey(key, "guests.keys")
        }
    }
}

extension Structure {
    /// Refuses what is not a CURVE public key in Z85.
    fileprivate static func curveKey(
        _ text: String, _ field: StaticString
    ) throws(WireError) -> String {
        guard CurveKeyForm.matches(text) else {
            throw .invalid(field: "\(field)", problem: "is not 40 characters of Z85")
        }
        return text
    }
}
