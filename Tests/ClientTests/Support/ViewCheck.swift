import Client
import Testing

/// Compares a view at three widths, and with colours, with files that a person has read.
enum ViewCheck {
    private static let papers = [
        ("60", Page(width: 60)), ("80", Page(width: 80)), ("120", Page(width: 120)),
        ("80-colour", Page(width: 80, isColoured: true)),
    ]

    /// Records a problem for each page on which `view` differs from its snapshot or is too wide.
    static func check(_ name: String, _ view: (Page) -> String) throws {
        let colour = try Regex("\u{1B}\\[[0-9]*m")
        for (suffix, paper) in papers {
            let text = view(paper)
            try Snapshot.check(text, "\(name)-\(suffix)")
            for line in text.split(separator: "\n") {
                let visible = line.replacing(colour, with: "")
                #expect(visible.displayWidth <= paper.width, "\(name)-\(suffix): \(line)")
            }
            #expect(text.contains("\u{1B}") == paper.isColoured)
        }
    }
}
