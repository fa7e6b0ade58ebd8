/// The doctor's findings as text.
package enum DoctorView {
    /// A line for each finding, its fix below it, and a last line that sums up.
    package static func text(_ findings: [Finding], on paper: Page) -> String {
        let column = findings.reduce(0) { max($0, $1.name.displayWidth) }
        var lines: [StyledText] = []
        for finding in findings {
            let (mark, tone): (String, Tone) =
                switch finding.level {
                case .good: ("✓", .good)
                case .warning: ("!", .warning)
                case .problem: ("✗", .bad)
                }
            lines.append(
                StyledText(mark, tone) + " "
                    + StyledText(finding.name, .strong).fitted(to: column) + "  " + finding.detail)
            lines += paper.wrapped(finding.fix, indent: column + 4, .warning)
        }
        return paper.text(lines + [.empty, conclusion(findings)])
    }

    private static func conclusion(_ findings: [Finding]) -> StyledText {
        let problems = findings.count { $0.level == .problem }
        guard problems > 0 else {
            return StyledText("This host is ready.", .good) + " Next: `picoml up`"
        }
        return StyledText("\(HumanForm.count(problems, "problem")) to mend first.", .bad)
    }
}
