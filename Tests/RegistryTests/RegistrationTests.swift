import Registry
import Testing
import Vocabulary

struct RegistrationTests {
    @Test
    func `versions are numbered from 1 within their model`() throws {
        var registry = try Fixtures.registry(versions: 2)
        registry.apply(
            try registry.register(
                model: "Customers", artifacts: [], lineage: Fixtures.lineage(trial: 9)))
        #expect(registry.versions(of: "orders").map(\.number) == [1, 2])
        #expect(registry.versions(of: "Customers").map(\.number) == [1])
        #expect(registry.models == ["Customers", "orders"])
        #expect(registry.version("orders", 2)?.lineage == Fixtures.lineage(trial: 2))
        #expect(registry.version("orders", 3) == nil)
        #expect(registry.versions(of: "nobody").isEmpty)
    }

    @Test
    func `deciding alone changes nothing`() throws {
        let registry = try Fixtures.registry(versions: 1)
        let copy = registry
        let changes = try registry.register(
            model: "orders", artifacts: [], lineage: Fixtures.lineage(trial: 2))
        #expect(changes.count == 1)
        #expect(registry == copy)
    }

    @Test
    func `a trial becomes a version of a model only once`() throws {
        let registry = try Fixtures.registry(versions: 2)
        let again = try registry.register(
            model: "orders", artifacts: [], lineage: Fixtures.lineage(trial: 1))
        #expect(again.isEmpty)
        #expect(registry.version("orders", of: Fixtures.trial(2))?.number == 2)
        #expect(registry.version("orders", of: Fixtures.trial(3)) == nil)
    }

    @Test(arguments: [
        ("a", true), ("9-to_5.onnx", true), (String(repeating: "x", count: 128), true),
        ("", false), (String(repeating: "x", count: 129), false), (".hidden", false),
        ("-x", false), ("_x", false), ("a/b", false), ("a b", false), ("ä", false),
        ("a\u{0}", false), ("..", false), ("a@b", false), ("[", false), ("{", false),
    ])
    func `names of models keep to the safe characters`(name: String, isValid: Bool) {
        #expect(NameRule.isModelName(name) == isValid)
        let outcome = Result { () throws(RegistryError) in
            try ModelRegistry().register(
                model: name, artifacts: [], lineage: Fixtures.lineage(trial: 1))
        }
        switch outcome {
        case .success(let changes): #expect(isValid && changes.count == 1)
        case .failure(let error): #expect(!isValid && error == .invalidModelName(name))
        }
    }

    @Test(arguments: [
        ("champion", true), ("v", true), ("v2-candidate", true), ("V2", true), ("latest2", true),
        ("latest", false), ("v2", false), ("v02", false), ("", false), ("a:b", false),
    ])
    func `aliases do not look like versions`(name: String, isValid: Bool) {
        #expect(NameRule.isAlias(name) == isValid)
    }

    @Test
    func `the changes in order rebuild the registry`() throws {
        var registry = ModelRegistry()
        var journal: [RegistryChange] = []
        let commit = { (changes: [RegistryChange], registry: inout ModelRegistry) in
            journal += changes
            registry.apply(changes)
        }
        for number in 1...4 as ClosedRange<UInt32> {
            commit(
                try registry.register(
                    model: "orders", artifacts: [], lineage: Fixtures.lineage(trial: number)),
                &registry)
            commit(
                try registry.promote(
                    model: "orders", version: number,
                    expecting: registry.champion(of: "orders")?.number,
                    decision: "d\(number)", actor: "gate", reason: "better"), &registry)
        }
        commit(
            try registry.rollback(
                model: "orders", decision: "r", actor: "person:ann", reason: "decayed"),
            &registry)
        var rebuilt = ModelRegistry()
        rebuilt.apply(journal)
        #expect(rebuilt == registry)
        #expect(journal.count == 9)
        #expect(rebuilt.champion(of: "orders")?.number == 3)
    }
}
