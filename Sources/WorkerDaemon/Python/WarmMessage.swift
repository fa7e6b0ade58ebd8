import FoundationEssentials
import Vocabulary

/// What a worker says to a warm process: one JSON object a packet.
enum WarmOrder {
    /// `{"load":…}`: the first one, to import the user's module.
    struct Load: Encodable {
        struct Content: Encodable {
            let entry: String
            let codePath: String
            let isReused: Bool

            private enum CodingKeys: String, CodingKey {
                case entry
                case codePath = "code_dir"
                case isReused = "reuse"
            }
        }

        let load: Content
    }

    /// `{"start":…}`: to run a trial; its channel and its log come with the packet.
    struct Start: Encodable {
        struct Content: Encodable {
            let id: UInt32
            let request: TrialDescription
        }

        let start: Content
    }

    static func packet(_ order: some Encodable) throws(WorkerError) -> [UInt8] {
        do { return Array(try JSONEncoder().encode(order)) } catch {
            throw WorkerError("cannot write an order to a warm process: \(error)")
        }
    }
}

/// What a warm process says: one JSON object a packet, with exactly one member.
struct WarmMessage: Decodable {
    struct Loaded: Decodable {
        let fork: Bool
        let reason: String?
    }
    struct Broken: Decodable { let message: String }
    struct Started: Decodable {
        let id: UInt32
        let pid: Int32
    }
    struct Ended: Decodable {
        let id: UInt32
        let status: Int32
    }

    let loaded: Loaded?
    let broken: Broken?
    let started: Started?
    let ended: Ended?
}
