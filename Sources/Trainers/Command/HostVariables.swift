/// The variables of a worker's environment that its trials get: an allow-list, so that no secret
/// reaches them.
package enum HostVariables {
    /// Their names.
    package static let names = [
        "PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "LIBDISPATCH_LOG",
    ]
}
