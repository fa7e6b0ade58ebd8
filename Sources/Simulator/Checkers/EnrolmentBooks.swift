import Scheduling
import Vocabulary

/// Own books of join tokens, of the workers that wait for approval and of keys on offer.
struct EnrolmentBooks {
    private struct Token {
        let key: String
        var usesLeft: UInt32
        var hasEnded = false
    }

    private(set) var pending: Set<WorkerID> = []
    /// Workers that enrolled, were approved, and replaced their keys so far.
    private(set) var counts = (enrolments: 0, approvals: 0, rotations: 0)
    private var tokens: [Token] = []
    private var offers: Set<WorkerID> = []

    /// Whether a token was made.
    func hasToken(_ token: TokenID) -> Bool { Int(token.number) <= tokens.count }

    /// Whether a token with this key was made and is over: who asks for it again, because the
    /// answer was lost, is refused.
    func isOver(key: String) -> Bool {
        tokens.contains { $0.key == key && ($0.hasEnded || $0.usesLeft == 0) }
    }

    /// Takes a record into account.
    ///
    /// - Returns: The promise that it breaks; nil for none.
    mutating func observe(_ record: Record) -> String? {
        switch record {
        case .workerPending(let worker, _, _, _): pending.insert(worker)
        case .workerApproved(let worker):
            if pending.remove(worker) == nil { return "worker \(worker) was approved for nothing" }
            counts.approvals += 1
        case .workerKeyOffered(let worker, _): offers.insert(worker)
        case .workerKeyReplaced(let worker):
            if offers.remove(worker) == nil {
                return "worker \(worker) uses a key it never offered"
            }
            counts.rotations += 1
        case .tokenCreated(let token, let terms):
            guard Int(token.number) == tokens.count + 1 else { return "token \(token) skips" }
            tokens.append(Token(key: terms.key, usesLeft: terms.uses))
        case .tokenUsed(let token, _):
            counts.enrolments += 1
            return change(token, "was used after its end or too often") { books in
                guard !books.hasEnded, books.usesLeft > 0 else { return false }
                books.usesLeft -= 1
                return true
            }
        case .tokenEnded(let token, _):
            return change(token, "ended twice, or after it was used up") { books in
                guard !books.hasEnded, books.usesLeft > 0 else { return false }
                books.hasEnded = true
                return true
            }
        default: break
        }
        return nil
    }

    private mutating func change(
        _ token: TokenID, _ problem: String, _ body: (inout Token) -> Bool
    ) -> String? {
        let index = Int(token.number) - 1
        guard tokens.indices.contains(index), body(&tokens[index]) else {
            return "token \(token) \(problem)"
        }
        return nil
    }
}
