import Registry
import Testing
import Vocabulary

struct PromotionTests {
    @Test
    func `the first champion needs no predecessor`() throws {
        var registry = try Fixtures.registry(versions: 1)
        let changes = try registry.promote(
            model: "orders", version: 1, expecting: nil, decision: "d1", actor: "gate",
            reason: "the first")
        let move = AliasMove(
            model: "orders", alias: "champion", from: nil, to: 1, decision: "d1", actor: "gate",
            reason: "the first")
        #expect(changes == [.aliasMoved(move)])
        #expect(registry.champion(of: "orders") == nil)
        registry.apply(changes)
        #expect(registry.champion(of: "orders")?.number == 1)
        #expect(registry.moves == [move])
    }

    @Test
    func `of two promotions from the same champion one is refused`() throws {
        var registry = try Fixtures.registry(versions: 3)
        try registry.promoteNow(1, decision: "d1")
        let fast = try registry.promote(
            model: "orders", version: 2, expecting: 1, decision: "d2", actor: "gate", reason: "")
        registry.apply(fast)
        #expect(
            throws: RegistryError.aliasMovedMeanwhile(
                model: "orders", alias: "champion", expected: 1, actual: 2)
        ) {
            try registry.promote(
                model: "orders", version: 3, expecting: 1, decision: "d3", actor: "gate",
                reason: "")
        }
        #expect(
            throws: RegistryError.aliasMovedMeanwhile(
                model: "orders", alias: "champion", expected: nil, actual: 2)
        ) {
            try registry.promote(
                model: "orders", version: 3, expecting: nil, decision: "d3", actor: "gate",
                reason: "")
        }
    }

    @Test
    func `the same decision again changes nothing, whatever happened since`() throws {
        var registry = try Fixtures.registry(versions: 3)
        try registry.promoteNow(1, decision: "d1")
        try registry.promoteNow(2, decision: "d2")
        try registry.promoteNow(3, decision: "d3")
        for previous in [nil, 1, 3] as [UInt32?] {
            let again = try registry.promote(
                model: "orders", version: 2, expecting: previous, decision: "d2", actor: "gate",
                reason: "better")
            #expect(again.isEmpty)
        }
        try registry.rollbackNow(decision: "r1")
        try registry.rollbackNow(decision: "r1")
        #expect(registry.champion(of: "orders")?.number == 2)
        #expect(registry.moves.count == 4)
    }

    @Test
    func `a decision cannot be used for another outcome`() throws {
        var registry = try Fixtures.registry(versions: 2)
        try registry.promoteNow(1, decision: "d1")
        #expect(throws: RegistryError.decisionReused("d1")) {
            try registry.promoteNow(2, decision: "d1")
        }
        #expect(throws: RegistryError.decisionReused("d1")) {
            try registry.rollbackNow(decision: "d1")
        }
    }

    @Test
    func `the champion promoted again changes nothing`() throws {
        var registry = try Fixtures.registry(versions: 2)
        try registry.promoteNow(1, decision: "d1")
        try registry.promoteNow(1, decision: "d2")
        #expect(registry.moves.count == 1)
        #expect(throws: RegistryError.nothingToRollBackTo(model: "orders")) {
            try registry.rollbackNow(decision: "r1")
        }
    }

    @Test
    func `rollbacks go back through the champions one by one`() throws {
        var registry = try Fixtures.registry(versions: 3)
        for number in 1...3 as ClosedRange<UInt32> {
            try registry.promoteNow(number, decision: "d\(number)")
        }
        try registry.rollbackNow(decision: "r1")
        #expect(registry.champion(of: "orders")?.number == 2)
        try registry.rollbackNow(decision: "r2")
        #expect(registry.champion(of: "orders")?.number == 1)
        #expect(throws: RegistryError.nothingToRollBackTo(model: "orders")) {
            try registry.rollbackNow(decision: "r3")
        }
        #expect(registry.moves.map(\.to) == [1, 2, 3, 2, 1])
        #expect(registry.moves.map(\.from) == [nil, 1, 2, 3, 2])
        #expect(registry.moves.map(\.isRollback) == [false, false, false, true, true])
    }

    @Test
    func `a rejected version is not rolled back to`() throws {
        var registry = try Fixtures.registry(versions: 4)
        for number in 1...3 as ClosedRange<UInt32> {
            try registry.promoteNow(number, decision: "d\(number)")
        }
        try registry.rollbackNow(decision: "r1")
        try registry.promoteNow(4, decision: "d4")
        try registry.rollbackNow(decision: "r2")
        #expect(registry.champion(of: "orders")?.number == 2)
        try registry.rollbackNow(decision: "r3")
        #expect(registry.champion(of: "orders")?.number == 1)
    }

    @Test
    func `an old version promoted on purpose can be rolled back`() throws {
        var registry = try Fixtures.registry(versions: 2)
        try registry.promoteNow(1, decision: "d1")
        try registry.promoteNow(2, decision: "d2")
        try registry.promoteNow(1, decision: "d3")
        try registry.rollbackNow(decision: "r1")
        #expect(registry.champion(of: "orders")?.number == 2)
    }

    @Test
    func `aliases move apart from each other`() throws {
        var registry = try Fixtures.registry(versions: 2)
        try registry.promoteNow(1, decision: "d1")
        registry.apply(
            try registry.move(
                "challenger", of: "orders", to: 2, expecting: nil, decision: "c1",
                actor: "gate", reason: "won its sweep"))
        #expect(registry.alias("challenger", of: "orders")?.number == 2)
        #expect(registry.champion(of: "orders")?.number == 1)
        #expect(registry.alias("shadow", of: "orders") == nil)
        let aliases = registry.aliases(of: "orders")
        #expect(aliases.map(\.alias) == ["challenger", "champion"])
        #expect(aliases.map(\.version) == [2, 1])
    }

    @Test
    func `what does not exist is refused by name`() throws {
        let registry = try Fixtures.registry(versions: 1)
        let promote = { (model: String, version: UInt32, decision: String) throws in
            try registry.promote(
                model: model, version: version, expecting: nil, decision: decision,
                actor: "gate", reason: "")
        }
        #expect(throws: RegistryError.unknownModel("nobody")) { try promote("nobody", 1, "d") }
        #expect(throws: RegistryError.unknownVersion(model: "orders", version: 2)) {
            try promote("orders", 2, "d")
        }
        #expect(throws: RegistryError.invalidDecision("")) { try promote("orders", 1, "") }
        let long = String(repeating: "d", count: Limits.nameBytes + 1)
        #expect(throws: RegistryError.invalidDecision(long)) { try promote("orders", 1, long) }
        #expect(throws: RegistryError.invalidAlias("latest")) {
            try registry.move(
                "latest", of: "orders", to: 1, expecting: nil, decision: "d", actor: "gate",
                reason: "")
        }
        #expect(throws: RegistryError.unknownModel("nobody")) {
            try registry.rollback(model: "nobody", decision: "d", actor: "gate", reason: "")
        }
        #expect(throws: RegistryError.nothingToRollBackTo(model: "orders")) {
            try registry.rollback(model: "orders", decision: "d", actor: "gate", reason: "")
        }
    }

    @Test
    func `refusals read as sentences`() {
        let error = RegistryError.aliasMovedMeanwhile(
            model: "orders", alias: "champion", expected: nil, actual: 3)
        #expect(
            error.description == "The alias \"champion\" of model \"orders\" is at version 3, "
                + "not unset as expected: look again and repeat the decision.")
    }
}
