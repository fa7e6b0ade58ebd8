import API
import HTTPTypes
import Hummingbird
import Scheduling
import Storage
import Vocabulary

extension Routes {
    /// GET tokens.
    func tokens() async throws(Problem) -> Response {
        let rows = try await read { try await catalogue.tokens() }
        return try .json(TokenPage(tokens: rows.map(TokenDocument.init)))
    }

    /// POST tokens: lets whoever has the secret half of a key enrol workers.
    func createToken(_ request: Request) async throws(Problem) -> Response {
        let wanted = try await request.json(TokenRequest.self, limit: bodyBytes)
        guard CurveKeyForm.matches(wanted.key) else {
            throw Problem(
                .invalid, "The key is not a CURVE public key.",
                fix: "Send 40 characters of Z85, or use \"picoml coordinator token create\".")
        }
        guard (1...Limits.workers).contains(wanted.uses), let uses = UInt32(exactly: wanted.uses)
        else {
            throw Problem(.invalid, "A join token is for 1 to \(Limits.workers) uses.")
        }
        let longest = Limits.tokenLifetime.inSeconds
        guard wanted.lifetimeSeconds >= 1, wanted.lifetimeSeconds <= longest else {
            throw Problem(
                .invalid, "A join token is in force for 1 to \(Int(longest)) seconds.")
        }
        let milliseconds = Int64(wanted.lifetimeSeconds * 1000)
        let expires = Timestamp(milliseconds: Timestamp.now.milliseconds + milliseconds)
        let terms = TokenTerms(
            key: wanted.key, uses: uses, needsApproval: wanted.needsApproval,
            lifetime: .milliseconds(milliseconds), expires: expires.milliseconds)
        let token = try await perform(.createToken(terms)) { answer in
            if case .token(let token) = answer { token } else { nil as TokenID? }
        }
        return try .json(
            TokenCreated(
                token: token, expires: expires, control: entrance.control,
                artifacts: entrance.artifacts, serverKey: entrance.serverKey),
            status: .created)
    }

    /// POST tokens/ID/revoke.
    func revoke(_ token: TokenID, _ request: Request) async throws(Problem) -> Response {
        try await request.jsonBytes(limit: bodyBytes)
        return try await done(.revokeToken(token))
    }
}

extension TokenDocument {
    /// A token as it stands.
    fileprivate init(_ row: TokenRow) {
        let state: State =
            switch row.ending {
            case .revoked: .revoked
            case .expired: .expired
            case nil: row.used >= row.uses ? .usedUp : .live
            }
        self.init(
            id: row.id, state: state, uses: Int(row.uses), used: Int(row.used),
            needsApproval: row.needsApproval, created: Timestamp(milliseconds: row.created),
            expires: Timestamp(milliseconds: row.expires))
    }
}
