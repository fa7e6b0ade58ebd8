import Foundation
import Hashing
import Testing
import Vocabulary

struct SHA256Tests {
    // FIPS 180-4's example messages, as in NIST's "SHA256" example file.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the standard's examples have the standard's hashes`(text: String, hash: String) {
        #expect(Digest.of(text).description == hash)
    }

    @Test func `a million letters have the standard's hash`() {
        var hasher = SHA256()
        for _ in 0..<1000 { hasher.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)) }
        let digest = hasher.finalize()
        #expect(
            digest.description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `the hash does not depend on how the bytes are cut`() {
        var source = RandomSource(seed: 1)
        let bytes = (0..<5000).map { _ in UInt8(truncatingIfNeeded: source.next()) }
        let whole = Digest.of(bytes)
        for _ in 0..<100 {
            var hasher = SHA256()
            var position = 0
            while position < bytes.count {
                let count = min(Int(source.next(below: 200)), bytes.count - position)
                hasher.update(Array(bytes[position..<position + count]))
                position += count
            }
            let digest = hasher.finalize()
            #expect(digest == whole)
        }
        #expect(Digest.of(Array(bytes.dropLast())) != whole)
    }

    @Test(arguments: [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 600_000])
    func `a file has the hash and length of its bytes`(count: Int) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: url) } }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: url)
        let file = try Digest.ofFile(url.path)
        #expect(file.digest == Digest.of(bytes))
        #expect(file.byteCount == UInt64(count))
    }

    @Test func `a missing file is named in the error`() {
        let error = #expect(throws: HashingError.self) {
            try Digest.ofFile("/nowhere/at/all")
        }
        #expect(error?.description == "cannot read /nowhere/at/all: No such file or directory")
        #expect(throws: HashingError.self) { try Digest.ofFile("/") }
    }
}
