/// What the doctor found out about one thing.
package struct Finding: Hashable, Sendable, Codable {
    /// How it stands.
    package enum Level: String, Hashable, Sendable, Codable {
        /// As it should be.
        case good
        /// It works, but could be better.
        case warning
        /// It has to be mended before picoml works here.
        case problem
    }

    /// What was looked at.
    package var name: String
    /// How it stands.
    package var level: Level
    /// What was seen.
    package var detail: String
    /// What to do about it; empty when all is well.
    package var fix: String

    /// Describes what was seen of `name`.
    package init(_ name: String, _ level: Level = .good, _ detail: String, fix: String = "") {
        self.name = name
        self.level = level
        self.detail = detail
        self.fix = fix
    }
}
