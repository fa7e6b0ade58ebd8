/// Why an execution has no environment.
package enum EnvironmentProblem: Error {
    /// It can be had nowhere: a package that does not exist, a hash that does not fit.
    case unusable(String)
    /// This host cannot have it now: no interpreter, no network, no space.
    case here(String)
    /// Nobody wants it any more: its execution was given up, or the worker leaves.
    case unwanted
}
