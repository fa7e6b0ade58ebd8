import Foundation
import Testing
import Vocabulary

@Suite struct `A digest` {
    /// Of the empty text (FIPS 180-4 examples).
    private let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func `is written as it is read`() throws {
        let digest = try #require(Digest(text: text))
        #expect(digest.description == text)
        #expect(digest.bytes.count == Digest.byteCount)
        #expect(digest.bytes.prefix(4) == [0xE3, 0xB0, 0xC4, 0x42])
        #expect(Digest(bytes: digest.bytes) == digest)
    }

    @Test(arguments: [
        "", "e3", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85500",
        " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85", "../../etc/passwd",
        String(repeating: "é", count: 32),
    ])
    func `is not read from anything else`(text: String) {
        #expect(Digest(text: text) == nil)
    }

    @Test(arguments: [0, 31, 33])
    func `has exactly 32 bytes`(count: Int) {
        #expect(Digest(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test func `orders as its text does`() throws {
        var source = RandomSource(seed: 3)
        let digests = try (0..<200).map { _ in
            try #require(Digest(bytes: (0..<32).map { _ in UInt8(source.next(below: 4)) << 6 }))
        }
        #expect(
            digests.sorted().map(\.description) == digests.map(\.description).sorted())
    }

    @Test func `tells every single byte apart`() throws {
        let zero = try #require(Digest(bytes: [UInt8](repeating: 0, count: 32)))
        for position in 0..<32 {
            var bytes = zero.bytes
            bytes[position] = 1
            let other = try #require(Digest(bytes: bytes))
            #expect(zero < other && zero != other && other.bytes == bytes)
        }
    }

    @Test func `is a text in JSON`() throws {
        let digest = try #require(Digest(text: text))
        let json = try JSONEncoder().encode([digest])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"e3\"]".utf8))
        }
    }
}
