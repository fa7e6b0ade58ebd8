import Foundation
import Testing

/// Compares text with a file that a person has looked at.
enum Snapshot {
    /// Records a problem when `text` is not what `Snapshots/NAME.txt` holds.
    ///
    /// With `PICOML_BLESS=1` in the environment the file is written instead: read the difference
    /// before it is committed.
    static func check(
        _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Snapshots/\(name).txt")
        if ProcessInfo.processInfo.environment["PICOML_BLESS"] == "1" {
            try Data((text + "\n").utf8).write(to: file)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text + "\n" == expected, sourceLocation: sourceLocation)
    }
}
