import Foundation
import Testing
import Vocabulary

@Suite struct `A parameter's value` {
    @Test(
        arguments: [
            (.integer(3), "3"), (.integer(-7), "-7"), (.integer(.max), "9223372036854775807"),
            (.float(0.5), "0.5"), (.float(1e-4), "0.0001"), (.string("gbtree"), "\"gbtree\""),
            (.string("3"), "\"3\""), (.string(""), "\"\""), (.boolean(true), "true"),
            (.boolean(false), "false"),
        ] as [(ParameterValue, String)])
    func `is a plain scalar in JSON`(value: ParameterValue, json: String) throws {
        let bytes = try JSONEncoder().encode([value])
        #expect(String(decoding: bytes, as: UTF8.self) == "[\(json)]")
        #expect(try JSONDecoder().decode([ParameterValue].self, from: bytes) == [value])
    }

    /// JSON has one kind of number: what counts is the number, not how it was made.
    @Test func `that is whole comes back as a whole number of the same size`() throws {
        let bytes = try JSONEncoder().encode([ParameterValue.float(2)])
        let read = try JSONDecoder().decode([ParameterValue].self, from: bytes)
        #expect(read.map(\.number) == [2])
    }

    @Test(arguments: ["null", "[1]", "{\"a\":1}"])
    func `is nothing else in JSON`(json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ParameterValue].self, from: Data("[\(json)]".utf8))
        }
    }

    @Test func `is a number unless it is a text`() {
        #expect(ParameterValue.float(0.5).number == 0.5)
        #expect(ParameterValue.integer(3).number == 3)
        #expect(ParameterValue.boolean(true).number == 1)
        #expect(ParameterValue.boolean(false).number == 0)
        #expect(ParameterValue.string("3").number == nil)
    }

    @Test func `reads as in a sweep file`() {
        #expect(ParameterValue.float(0.5).description == "0.5")
        #expect(ParameterValue.integer(3).description == "3")
        #expect(ParameterValue.string("dart").description == "dart")
        #expect(ParameterValue.boolean(true).description == "true")
    }
}

@Suite struct `An objective` {
    @Test func `is better in its own direction, and never when equal`() {
        let smaller = Objective(metric: "rmse", goal: .minimize)
        #expect(smaller.isBetter(1, than: 2))
        #expect(!smaller.isBetter(2, than: 1))
        #expect(!smaller.isBetter(1, than: 1))
        let larger = Objective(metric: "auc", goal: .maximize)
        #expect(larger.isBetter(2, than: 1))
        #expect(!larger.isBetter(1, than: 2))
        #expect(!larger.isBetter(1, than: 1))
    }

    @Test func `is never better without a number`() {
        for goal in [Objective.Goal.minimize, .maximize] {
            let objective = Objective(metric: "m", goal: goal, target: 1)
            #expect(!objective.isBetter(.nan, than: 1))
            #expect(!objective.isBetter(1, than: .nan))
            #expect(!objective.isReached(by: .nan))
        }
    }

    @Test func `is reached at its target and beyond`() {
        let smaller = Objective(metric: "rmse", goal: .minimize, target: 10)
        #expect([9, 10, 11].map(smaller.isReached) == [true, true, false])
        let larger = Objective(metric: "auc", goal: .maximize, target: 10)
        #expect([9, 10, 11].map(larger.isReached) == [false, true, true])
        #expect(!Objective(metric: "rmse", goal: .minimize).isReached(by: 0))
    }
}
