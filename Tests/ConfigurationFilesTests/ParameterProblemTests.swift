import Testing

struct ParameterProblemTests {
    @Test(arguments: [
        ("{}", "6:3 parameters.x: The parameter has no values.", "`min` and `max`"),
        ("", "6:3 parameters.x: The parameter has no values.", "`value`"),
        ("{min: 1}", "6:6 parameters.x.max: `int_uniform` needs `max`.", "Add `max:`."),
        ("{mn: 1, max: 3}", "6:7 parameters.x.mn: A parameter has no key `mn`.", "`min`"),
        (
            "{value: null}", "6:7 parameters.x.value: `value` has no value.", "delete the line"
        ),
        (
            "[1, 2]", "6:6 parameters.x: Expected a parameter, found a list.",
            "Write `values:` in front"
        ),
        (
            "{value: [1]}",
            "6:14 parameters.x.value: Expected a number, a text, true or false, found a list.", ""
        ),
        (
            "{value: 1, values: [1]}",
            "6:17 parameters.x.values: `values` has no meaning for `constant`.", "Delete it."
        ),
        (
            "{distribution: unifrm, min: 0, max: 1}",
            "6:21 parameters.x.distribution: There is no distribution `unifrm`.",
            "Did you mean `uniform`?"
        ),
        (
            "{distribution: 3, min: 0, max: 1}",
            "6:21 parameters.x.distribution: Expected one of `constant`, `categorical`, "
                + "`categorical_w_probabilities`, `int_uniform`, `uniform`, `q_uniform`, "
                + "`log_uniform`, `log_uniform_values`, `q_log_uniform`, "
                + "`q_log_uniform_values`, `inv_log_uniform`, `inv_log_uniform_values`, "
                + "`normal`, `q_normal`, `log_normal`, `q_log_normal`, found the number 3.", ""
        ),
        (
            "{distribution: beta}",
            "6:21 parameters.x.distribution: The distribution `beta` is not available.",
            "Use `uniform`"
        ),
        (
            "{distribution: q_beta}",
            "6:21 parameters.x.distribution: The distribution `q_beta` is not available.",
            "`q_uniform`"
        ),
        (
            "{distribution: uniform, min: 0, max: 1, q: 0.1}",
            "6:46 parameters.x.q: `q` has no meaning for `uniform`.", "Use `q_uniform`"
        ),
        (
            "{values: [1], scale: log}",
            "6:20 parameters.x.scale: `scale` has no meaning for `categorical`.", "Delete it."
        ),
        (
            "{min: 1, max: 9, scale: ln}",
            "6:30 parameters.x.scale: Expected `linear` or `log`, found the text \"ln\".", ""
        ),
        (
            "{min: 1, parameters: {y: 2}}",
            "6:7 parameters.x.min: `min` cannot stand beside `parameters`.", "nested parameters"
        ),
        (
            "{parameters: {}}", "6:19 parameters.x.parameters: There are no parameters.",
            "Add one"
        ),
        (
            "{parameters: {y: 1}}\n  x.y: 2",
            "7:3 parameters.x.y: The parameter `x.y` stands twice, in lines 6 and 7.",
            "Delete one"
        ),
        (
            "1\n  x: 2", "7:3 parameters.x: `x` stands twice, in lines 6 and 7.", "Delete one"
        ),
    ])
    func `wrong keys are named`(_ mapping: String, _ problem: String, _ fix: String) {
        expectProblem(parameter(mapping), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "{min: 1, max: 1}", "6:12 parameters.x.min: `min` (1) is not below `max` (1).",
            "Use `value:`"
        ),
        (
            "{min: 0.3, max: 0.1}",
            "6:12 parameters.x.min: `min` (0.3) is not below `max` (0.1).", "Swap the two."
        ),
        (
            "{distribution: log_uniform_values, min: 0, max: 1}",
            "6:46 parameters.x.min: A logarithmic range begins above 0, not at 0.0.",
            "Raise `min`"
        ),
        (
            "{min: -1, max: 8, scale: log}",
            "6:12 parameters.x.min: A logarithmic range begins above 0, not at -1.0.",
            "Raise `min`"
        ),
        (
            "{distribution: inv_log_uniform_values, min: -1, max: 8}",
            "6:50 parameters.x.min: A logarithmic range begins above 0, not at -1.0.",
            "Raise `min`"
        ),
        (
            "{distribution: log_uniform, min: -3, max: 1000}",
            "6:39 parameters.x.min: `log_uniform` takes exponents of e, and these are out of "
                + "range.", "Use `log_uniform_values`"
        ),
        (
            "{distribution: q_uniform, min: 0, max: 1.0, q: 0}",
            "6:53 parameters.x.q: Expected a number above 0 and not above the range's width, "
                + "1.0, found the number 0.", ""
        ),
        (
            "{distribution: q_uniform, min: 0, max: 0.5}",
            "6:6 parameters.x: Multiples of 1, which is `q` where none is given, do not fit the "
                + "range.", "Add a smaller `q:`."
        ),
        (
            "{min: 0, max: 10, q: -2}",
            "6:27 parameters.x.q: Expected a whole number from 1 to 10, found the number -2.", ""
        ),
        (
            "{distribution: q_normal, q: -1}",
            "6:34 parameters.x.q: Expected a number above 0, found the number -1.", ""
        ),
        (
            "{distribution: normal, sigma: 0}",
            "6:36 parameters.x.sigma: Expected a number above 0, found the number 0.", ""
        ),
        (
            "{distribution: int_uniform, min: 0.5, max: 3}",
            "6:39 parameters.x.min: Expected a whole number, found the number 0.5.",
            "Use `uniform`"
        ),
        (
            "{min: -9223372036854775808, max: 9223372036854775807}",
            "6:39 parameters.x.max: The range has more than 9223372036854775807 values.",
            "Narrow it"
        ),
        (
            "{min: -1.7e308, max: 1.7e308}",
            "6:27 parameters.x.max: The range is too wide.", "Narrow it"
        ),
        (
            "{min: 1_000, max: 2000}",
            "6:12 parameters.x.min: Expected a number, found the text \"1_000\".", "Write 1000"
        ),
        (
            "{min: 1, max: '2'}",
            "6:20 parameters.x.max: Expected a number, found the text \"2\".", "Write 2"
        ),
        (
            "{min: -.inf, max: 1}",
            "6:12 parameters.x.min: Expected a number, found -.inf, which is not a finite number.",
            ""
        ),
        (
            "{value: .nan}",
            "6:14 parameters.x.value: Expected a finite number, a text, true or false, found "
                + ".nan, which is not a finite number.", ""
        ),
        (
            "{value: 9223372036854775808}",
            "6:14 parameters.x.value: Expected a finite number, a text, true or false, found "
                + "9223372036854775808, which is too large a number.", ""
        ),
        (
            "{value: 1e400}",
            "6:14 parameters.x.value: Expected a finite number, a text, true or false, found "
                + "1e400, which is too large a number.", ""
        ),
    ])
    func `impossible ranges are refused`(_ mapping: String, _ problem: String, _ fix: String) {
        expectProblem(parameter(mapping), problem, fix: fix)
    }

    @Test(arguments: [
        ("{values: []}", "6:15 parameters.x.values: `values` is empty.", "at least one"),
        (
            "{values: 3}", "6:15 parameters.x.values: Expected a list, found the number 3.",
            "Put brackets around it"
        ),
        (
            "{values: [a, b, a]}",
            "6:22 parameters.x.values[2]: The text \"a\" stands twice in the list.", "Delete one"
        ),
        (
            "{values: [1, [2]]}",
            "6:19 parameters.x.values[1]: Expected a number, a text, true or false, found a "
                + "list.", ""
        ),
        (
            "{values: [1, 2], probabilities: [0.5, 0.6]}",
            "6:38 parameters.x.probabilities: The probabilities add up to 1.1.", "Make it 1."
        ),
        (
            "{values: [1, 2], probabilities: [1.0]}",
            "6:38 parameters.x.probabilities: There are 1 probabilities for 2 values.",
            "one for each"
        ),
        (
            "{values: [1, 2], probabilities: [-0.5, 1.0]}",
            "6:39 parameters.x.probabilities[0]: Expected a probability above 0 and up to 1, "
                + "found the number -0.5.", ""
        ),
        (
            "{values: [1, 2], probabilities: 1}",
            "6:38 parameters.x.probabilities: Expected a list of numbers, found the number 1.",
            ""
        ),
        (
            "{distribution: categorical_w_probabilities, values: [1, 2]}",
            "6:6 parameters.x.probabilities: `categorical_w_probabilities` needs "
                + "`probabilities`.", "Add `probabilities:`."
        ),
    ])
    func `wrong choices are refused`(_ mapping: String, _ problem: String, _ fix: String) {
        expectProblem(parameter(mapping), problem, fix: fix)
    }

    @Test(arguments: [
        (
            "{value: 1, when: {x: 1}}",
            "6:24 parameters.x.when.x: A parameter cannot decide about itself.", "another one"
        ),
        (
            "{value: 1, when: {y: 1}}",
            "6:24 parameters.x.when.y: There is no parameter `y` to decide.", ""
        ),
        (
            "{value: 1, when: {y: 1}}\n  y: 3",
            "6:24 parameters.x.when.y: `y` stands after `x`, about which it decides.",
            "Move it in front."
        ),
        (
            "{values: [tree, linear]}\n  y: {value: 1, when: {x: tre}}",
            "7:27 parameters.y.when.x: `x` never is tre.", "Did you mean `tree`?"
        ),
        (
            "{min: 0.0, max: 1.0}\n  y: {value: 1, when: {x: 0.5}}",
            "7:27 parameters.y.when.x: `x` never is 0.5.", "continuous"
        ),
        (
            "{min: 0, max: 8, q: 2}\n  y: {value: 1, when: {x: [2, 3]}}",
            "7:31 parameters.y.when.x[1]: `x` never is 3.", "from 0 to 8 in steps of 2"
        ),
        (
            "{value: 1, when: y}",
            "6:23 parameters.x.when: Expected one parameter with the values under which this "
                + "one takes part.", "`when: {other: value}`"
        ),
        (
            "{value: 1, when: {y: []}}",
            "6:27 parameters.x.when.y: The list of values has 0 of them.", "Give 1 to"
        ),
    ])
    func `wrong conditions are refused`(_ mapping: String, _ problem: String, _ fix: String) {
        expectProblem(parameter(mapping), problem, fix: fix)
    }

    @Test func `a misspelled decider is suggested`() {
        expectProblem(
            parameter("{values: [a, b]}\n  booster: {value: 1, when: {boster: 1}}"),
            "7:30 parameters.booster.when.boster: There is no parameter `boster` to decide.",
            fix: "Known here: `x`.")
    }

    @Test func `too many parameters are refused`() {
        let many = (0..<600).map { "  p\($0): 1" }.joined(separator: "\n")
        expectProblem(
            sweep("", parameters: "parameters:\n" + many),
            "518:3 parameters.p512: There are more than 512 parameters.", fix: "Delete some.")
    }
}
