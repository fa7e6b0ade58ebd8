import Testing
import Vocabulary

@Suite struct `A diagnostic` {
    @Test func `names place, field, problem and fix`() {
        let diagnostic = Diagnostic(
            file: "sweep.yaml", line: 3, column: 7, field: "experiments.Exp1.trials",
            message: "0 is not a number of trials.", fix: "Write 1 or more.")
        #expect(
            diagnostic.description
                == "sweep.yaml:3:7: error: experiments.Exp1.trials: 0 is not a number of trials. "
                + "Write 1 or more.")
    }

    @Test(arguments: [
        (Diagnostic(message: "It is empty."), "error: It is empty."),
        (Diagnostic(.warning, message: "It is odd."), "warning: It is odd."),
        (Diagnostic(file: "a", message: "M."), "a: error: M."),
        (Diagnostic(file: "a", line: 2, message: "M."), "a:2: error: M."),
        (Diagnostic(line: 2, message: "M."), "line 2: error: M."),
        (Diagnostic(line: 2, column: 4, message: "M."), "line 2:4: error: M."),
        // A column means nothing without its line.
        (Diagnostic(file: "a", column: 4, message: "M."), "a: error: M."),
    ])
    func `leaves out what is not known`(diagnostic: Diagnostic, text: String) {
        #expect(diagnostic.description == text)
    }

    @Test func `is a line among others`() {
        let all = Diagnostics([
            Diagnostic(file: "a", line: 1, message: "One."), Diagnostic(message: "Two."),
        ])
        #expect(all.description == "a:1: error: One.\nerror: Two.")
        #expect(all.all.count == 2)
    }
}
