import Foundation
import Testing
import Vocabulary

@Suite struct `An amount of GPUs` {
    @Test(
        arguments: [
            (0, 0, "0"), (0.5, 500, "0.5"), (0.001, 1, "0.001"), (1, 1000, "1"), (8, 8000, "8"),
        ] as [(Double, UInt32, String)])
    func `is a share or a whole number`(count: Double, thousandths: UInt32, text: String) throws {
        let amount = try #require(DeviceAmount(count: count))
        #expect(amount.thousandths == thousandths)
        #expect(amount.description == text)
        let json = try JSONEncoder().encode([amount])
        #expect(try JSONDecoder().decode([DeviceAmount].self, from: json) == [amount])
    }

    @Test(arguments: [1.5, -1, 0.0001, .nan, .infinity, 1e9, 257] as [Double])
    func `is nothing else`(count: Double) throws {
        #expect(DeviceAmount(count: count) == nil)
        guard count.isFinite else { return }
        let json = Data("[\(count)]".utf8)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([DeviceAmount].self, from: json)
        }
    }
}

@Suite struct `The use of GPUs` {
    private func amount(_ count: Double) throws -> DeviceAmount {
        try #require(DeviceAmount(count: count))
    }

    @Test func `shares fill a GPU before they begin another`() throws {
        var use = DeviceUse(count: 2)
        let half = try amount(0.5)
        #expect(use.places(for: half) == [0])
        use.take(half, at: [1])
        #expect(use.places(for: half) == [1])
        #expect(use.places(for: try amount(0.6)) == [0])
        use.take(half, at: [1])
        #expect(use.places(for: half) == [0])
        #expect(use.freeCount == 1)
    }

    @Test func `whole ones are free of others`() throws {
        var use = DeviceUse(count: 3)
        use.take(try amount(0.1), at: [1])
        #expect(use.places(for: try amount(2)) == [0, 2])
        #expect(use.places(for: try amount(3)) == nil)
        use.take(try amount(2), at: [0, 2])
        #expect(use.places(for: try amount(1)) == nil)
        #expect(use.places(for: try amount(0.9)) == [1])
        #expect(use.places(for: .none) == [])
        use.release(try amount(2), at: [0, 2])
        #expect(use.places(for: try amount(1)) == [0])
    }

    @Test func `positions that there are not hold nothing`() throws {
        var use = DeviceUse(count: 1)
        use.take(try amount(1), at: [7])
        use.release(try amount(1), at: [0, 7])
        #expect(use == DeviceUse(count: 1))
        #expect(!use.hasRoom(for: try amount(1), at: [7]))
        #expect(DeviceUse().places(for: try amount(0.5)) == nil)
    }
}
