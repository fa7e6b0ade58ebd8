import ConfigurationFiles
import Testing
import Vocabulary

/// A sweep that is right, around the lines that a test is about.
func sweep(_ lines: String, parameters: String = "parameters: {eta: {min: 0.1, max: 0.3}}")
    -> String
{
    """
    metric: {name: loss, goal: minimize}
    trainer: rehearsal
    method: random
    trials: 10
    \(parameters)
    \(lines)
    """
}

/// A sweep with the parameters `lr` and `net.depth` and without a trainer; `lines` begin at line 5.
func programs(_ lines: String) -> String {
    """
    metric: {name: loss, goal: minimize}
    method: random
    trials: 10
    parameters: {lr: {min: 0.1, max: 0.3}, net: {parameters: {depth: 3}}}
    \(lines)
    """
}

/// A sweep whose one parameter `x` is `mapping`, which begins at line 6, column 6.
func parameter(_ mapping: String, method: String = "random") -> String {
    """
    metric: {name: loss, goal: minimize}
    trainer: rehearsal
    method: \(method)
    trials: 10
    parameters:
      x: \(mapping)
    """
}

/// Reads a sweep that must be right.
func spec(_ text: String) throws -> SweepSpec {
    try SweepFile.parse(text, file: "s.yaml").spec
}

/// The problems of a sweep that must be wrong.
func problems(_ text: String) -> [Diagnostic] {
    do throws(Diagnostics) {
        let file = try SweepFile.parse(text, file: "s.yaml")
        Issue.record("no problem was found; warnings: \(file.warnings)")
        return []
    } catch {
        #expect(error.all.contains { $0.severity == .error })
        return error.all
    }
}

/// The domain of the one parameter in `mapping`.
func domain(_ mapping: String) throws -> Domain? {
    try spec(parameter(mapping)).experiments.first?.space.parameters.first?.domain
}

/// Expects exactly one problem, in the form `line:column field: message`, with `fix` in its fix.
func expectProblem(
    _ text: String, _ expected: String, fix: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let found = problems(text)
    let lines = found.map { "\($0.line):\($0.column) \($0.field): \($0.message)" }
    #expect(lines == [expected], sourceLocation: sourceLocation)
    #expect(found.allSatisfy { $0.file == "s.yaml" }, sourceLocation: sourceLocation)
    #expect(found.first?.fix.contains(fix) ?? false, "\(found)", sourceLocation: sourceLocation)
}
