import Hashing
import Testing

struct SecretTests {
    @Test func `random bytes have the count asked for and do not repeat`() {
        #expect(RandomBytes.make(count: 0).isEmpty)
        #expect(RandomBytes.make(count: 33).count == 33)
        #expect(RandomBytes.make(count: 16) != RandomBytes.make(count: 16))
        #expect(Set((0..<100).map { _ in RandomBytes.randomSeed() }).count == 100)
    }

    @Test func `every bit of a random seed takes both values`() {
        let seeds = (0..<200).map { _ in RandomBytes.randomSeed() }
        #expect(seeds.reduce(0, |) == .max)
        #expect(seeds.reduce(.max, &) == 0)
    }

    @Test func `tokens carry 256 bits in letters that need no escaping`() {
        let token = RandomBytes.token()
        #expect(token.utf8.count == 43)
        let isPlain = token.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        #expect(isPlain)
        #expect(token != RandomBytes.token())
        let hex = RandomBytes.hexToken()
        #expect(hex.utf8.count == 64)
        #expect(hex.allSatisfy { "0123456789abcdef".contains($0) })
    }

    // RFC 4648, section 10, in the alphabet of section 5 without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `base64url follows the standard's examples`(text: String, encoded: String) {
        #expect(RandomBytes.base64URL(Array(text.utf8)) == encoded)
    }

    @Test func `base64url uses its own two letters`() {
        #expect(RandomBytes.base64URL([0xFB, 0xEF, 0xFF]) == "--__")
    }

    @Test func `secrets are equal when every byte is`() {
        #expect(ConstantTime.areEqual("secret", "secret"))
        #expect(ConstantTime.areEqual("", ""))
        #expect(!ConstantTime.areEqual("secret", "secreT"))
        #expect(!ConstantTime.areEqual("secret", "secret "))
        #expect(!ConstantTime.areEqual("", "s"))
        let bytes = RandomBytes.make(count: 32)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(!ConstantTime.areEqual(bytes, other))
        }
    }
}
