import Datasets
import Testing

/// Suggestions for misspelt names.
@Suite struct NearestNameTests {
    let names = ["max_depth", "max_bin", "eta", "lambda", "min_child_weight"]

    @Test(arguments: [
        ("maxdepth", "max_depth"), ("MAX_DEPTH", "max_depth"), ("eat", "eta"),
        ("lamdba", "lambda"), ("min_child_wieght", "min_child_weight"),
    ])
    func `a slip of the fingers is recognised`(typed: String, meant: String) {
        #expect(NearestName.suggestions(for: typed, in: names).first == meant)
        #expect(NearestName.question(for: typed, in: names).hasPrefix("Did you mean \"\(meant)\""))
    }

    @Test func `a wholly different name gets no suggestion`() {
        #expect(NearestName.suggestions(for: "temperature", in: names).isEmpty)
        #expect(NearestName.question(for: "", in: []) == "")
    }
}
