import Testing
import ZeroMQ

@Suite struct CurveKeyTests {
    @Test func `a generated identity survives its text form`() throws {
        let keys = try CurveKeyPair.generate()
        let text = unsafe keys.secretKey.withText { unsafe Array($0) }
        let again = try CurveKeyPair(secretKey: CurveSecretKey(text))
        #expect(again.publicKey == keys.publicKey)
        #expect(try CurveKey(keys.publicKey.text) == keys.publicKey)
        #expect(try CurveKeyPair.generate().publicKey != keys.publicKey)
    }

    @Test func `the public key follows from the secret key as in libzmq's manual`() throws {
        // The test key pair of the page zmq_curve(7).
        let secretKey = try CurveSecretKey("D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs".utf8)
        let keys = try CurveKeyPair(secretKey: secretKey)
        #expect(keys.publicKey.text == "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID")
    }

    @Test(arguments: [
        "", "short",
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI",  // one too few
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hIDD",  // one too many
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI ",  // not in the alphabet
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hI\0",
        "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hé",
        "########################################",  // above 32 bits
        "%nSc100000000000000000000000000000000000",  // 2^32, one above the largest group
    ])
    func `what is no key is refused`(_ text: String) throws {
        let publicError = #expect(throws: ZeroMQError.self) { _ = try CurveKey(text) }
        #expect(publicError?.code == .malformedKey)
        if text.count > 5 {
            #expect(publicError?.description.contains(text) == false)
        }
        let secretError = #expect(throws: ZeroMQError.self) { _ = try CurveSecretKey(text.utf8) }
        #expect(secretError?.code == .malformedKey)
    }

    @Test func `the largest group of five is still a key`() throws {
        let text = "%nSc000000000000000000000000000000000000"
        #expect(try CurveKey(text).text == text)
    }

    @Test func `a secret key does not print itself`() throws {
        let keys = try CurveKeyPair.generate()
        let secret = unsafe keys.secretKey.withText {
            unsafe String(decoding: $0, as: UTF8.self)
        }
        var dumped = ""
        dump(keys, to: &dumped)
        let options = quickOptions {
            $0.security = .client(keys: keys, serverKey: keys.publicKey)
        }
        for text in ["\(keys)", String(reflecting: keys), "\(options)", dumped] {
            #expect(!text.contains(secret))
        }
        #expect("\(keys.secretKey)" == "CurveSecretKey(hidden)")
    }
}
