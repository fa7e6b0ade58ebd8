import ConfigurationFiles
import Testing
import Vocabulary

struct ParameterTests {
    @Test func `a bare value is a constant`() throws {
        #expect(try domain("reg:squarederror") == .constant(.string("reg:squarederror")))
        #expect(try domain("3") == .constant(.integer(3)))
        #expect(try domain("true") == .constant(.boolean(true)))
        #expect(try domain("\"3\"") == .constant(.string("3")))
        #expect(try domain("{value: 0.5}") == .constant(.float(0.5)))
        #expect(try domain("{distribution: constant, value: a}") == .constant(.string("a")))
    }

    @Test(arguments: [
        ("1e-3", 1e-3), ("1E3", 1000), (".5", 0.5), ("5.", 5), ("-1.5e+2", -150), ("+0.25", 0.25),
    ])
    func `numbers follow YAML 1 point 2`(_ text: String, _ number: Double) throws {
        #expect(try domain(text) == .constant(.float(number)))
    }

    @Test(
        arguments: [
            ("0x1F", 31), ("0o17", 15), ("010", 10), ("-7", -7), ("+7", 7),
            ("9223372036854775807", .max), ("-9223372036854775808", .min),
        ] as [(String, Int64)])
    func `whole numbers follow YAML 1 point 2`(_ text: String, _ number: Int64) throws {
        #expect(try domain(text) == .constant(.integer(number)))
    }

    @Test(arguments: ["1_000", "1e", "e3", "0x", "0b1", "1.2.3", "+-1", "-", "12:30", "2026-01-01"])
    func `what only looks like a number is a text`(_ text: String) throws {
        #expect(try domain("{value: \(text)}") == .constant(.string(text)))
    }

    @Test func `former switches are texts, with a warning`() throws {
        let text = parameter("{values: [yes, no, \"off\", true]}")
        let file = try SweepFile.parse(text, file: "s.yaml")
        #expect(
            file.spec.experiments.first?.space.parameters.first?.domain
                == .categorical(
                    [.string("yes"), .string("no"), .string("off"), .boolean(true)], weights: nil))
        #expect(file.warnings.map(\.column) == [16, 21])
        #expect(file.warnings.allSatisfy { $0.severity == .warning && $0.line == 6 })
        #expect(file.warnings.first?.fix == "Write true or false, or quote the text.")
        #expect(file.warnings.first?.field == "parameters.x.values[0]")
    }

    @Test func `values are categorical, with probabilities or without`() throws {
        let values: [ParameterValue] = [.integer(1), .float(2.5), .string("a")]
        #expect(try domain("{values: [1, 2.5, a]}") == .categorical(values, weights: nil))
        let weighted = Domain.categorical(values, weights: [0.25, 0.25, 0.5])
        #expect(
            try domain("{values: [1, 2.5, a], probabilities: [0.25, 0.25, 0.5]}") == weighted)
        #expect(
            try domain(
                "{distribution: categorical_w_probabilities, values: [1, 2.5, a], "
                    + "probabilities: [0.25, 0.25, 0.5]}") == weighted)
        // Thirds that were written with three digits.
        #expect(
            try domain("{values: [1, 2.5, a], probabilities: [0.333, 0.333, 0.333]}")
                == .categorical(values, weights: [0.333, 0.333, 0.333]))
    }

    @Test(
        arguments: [
            ("{min: 1, max: 8}", .integer(Interval(1, 8))),
            ("{min: 1, max: 64, scale: log}", .integer(Interval(1, 64, scale: .logarithmic))),
            ("{min: 32, max: 256, q: 32}", .integer(Interval(32, 256, quantum: 32))),
            (
                "{distribution: int_uniform, min: 1, max: 8, scale: log}",
                .integer(Interval(1, 8, scale: .logarithmic))
            ),
            (
                "{distribution: q_uniform, min: 32, max: 256, q: 32}",
                .integer(Interval(32, 256, quantum: 32))
            ),
            ("{distribution: q_uniform, min: 1, max: 8}", .integer(Interval(1, 8))),
            ("{min: 0, max: 1.0}", .float(Interval(0, 1))),
            ("{min: 0.0, max: 1, q: 0.25}", .float(Interval(0, 1, quantum: 0.25))),
            ("{min: 0.1, max: 1, scale: log}", .float(Interval(0.1, 1, scale: .logarithmic))),
            ("{distribution: uniform, min: 0, max: 1}", .float(Interval(0, 1))),
            (
                "{distribution: log_uniform_values, min: 1e-4, max: 1e-1}",
                .float(Interval(1e-4, 1e-1, scale: .logarithmic))
            ),
            (
                "{distribution: q_log_uniform_values, min: 1, max: 100}",
                .float(Interval(1, 100, scale: .logarithmic, quantum: 1))
            ),
            (
                "{distribution: inv_log_uniform_values, min: 1, max: 100}",
                .float(Interval(1, 100, scale: .inverseLogarithmic))
            ),
            ("{mu: 1, sigma: 2}", .normal(Normal(mean: 1, deviation: 2))),
            ("{distribution: normal}", .normal(Normal(mean: 0, deviation: 1))),
            (
                "{distribution: q_normal, mu: 10, sigma: 3}",
                .normal(Normal(mean: 10, deviation: 3, quantum: 1))
            ),
            (
                "{distribution: log_normal, mu: 0, sigma: 0.5}",
                .normal(Normal(mean: 0, deviation: 0.5, isLogarithmic: true))
            ),
            (
                "{distribution: q_log_normal, mu: 0, sigma: 0.5, q: 0.1}",
                .normal(Normal(mean: 0, deviation: 0.5, isLogarithmic: true, quantum: 0.1))
            ),
        ] as [(String, Domain)])
    func `a distribution becomes its domain`(_ mapping: String, _ expected: Domain) throws {
        #expect(try domain(mapping) == expected)
    }

    @Test func `log_uniform takes exponents of e, as in W and B`() throws {
        guard case .float(let plain) = try domain("{distribution: log_uniform, min: -2, max: 1}"),
            case .float(let inverse) = try domain(
                "{distribution: inv_log_uniform, min: -1, max: 2}"),
            case .float(let rounded) = try domain(
                "{distribution: q_log_uniform, min: 0, max: 5}")
        else {
            Issue.record("not a range of real numbers")
            return
        }
        #expect(abs(plain.lower - 0.1353352832366127) < 1e-15)
        #expect(abs(plain.upper - 2.718281828459045) < 1e-15)
        #expect(plain.scale == .logarithmic)
        // The logarithm of 1/x lies between -1 and 2.
        #expect(inverse.lower == plain.lower && inverse.upper == plain.upper)
        #expect(inverse.scale == .inverseLogarithmic)
        #expect(rounded.lower == 1 && rounded.quantum == 1)
    }

    @Test func `nested parameters get names with full stops`() throws {
        let space = try spec(
            parameter("{parameters: {a: 1, b: {parameters: {c: {min: 1, max: 2}}}}}\n  y: 2")
        ).experiments.first?.space
        #expect(space?.parameters.map(\.name) == ["x.a", "x.b.c", "y"])
    }

    @Test func `conditions name earlier parameters`() throws {
        let text = """
            metric: {name: loss, goal: minimize}
            trainer: rehearsal
            method: random
            trials: 10
            parameters:
              kind: {values: [tree, linear]}
              depth: {min: 1, max: 8, when: {kind: tree}}
              step: {min: 0.0, max: 1.0, q: 0.5}
              rate: {min: 0.1, max: 0.5, when: {depth: [2, 3]}}
              last: {value: 1, when: {step: 1}}
            """
        let parameters = try #require(try spec(text).experiments.first?.space.parameters)
        #expect(
            parameters.map(\.condition) == [
                nil, Condition(parameter: "kind", values: [.string("tree")]), nil,
                Condition(parameter: "depth", values: [.integer(2), .integer(3)]),
                Condition(parameter: "step", values: [.float(1)]),
            ])
    }
}
