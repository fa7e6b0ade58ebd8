/// What this build is.
package enum Software {
    /// The version of `picoml` (Semantic Versioning 2.0.0), as `CHANGELOG.md` names it.
    package static let version = "0.1.0"
}
