import Storage
import ZeroMQ

/// The coordinator's CURVE keys: made at the first start, kept as a secret of its folder.
enum CoordinatorKeys {
    private static let secretName = "curve.secret"

    static func load(from folder: StateFolder) throws -> CurveKeyPair {
        if let text = try folder.readSecret(secretName) {
            return try CurveKeyPair(secretKey: CurveSecretKey(text))
        }
        let keys = try CurveKeyPair.generate()
        try unsafe keys.secretKey.withText { text throws(StorageError) in
            try folder.writeSecret(secretName, unsafe Array(text))
        }
        return keys
    }
}
