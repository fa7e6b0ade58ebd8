import ArgumentParser
import Client
import Foundation

/// `picoml doctor`: checks this host.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether picoml can run on this host, and say what to mend.",
        discussion: """
            Looks at libraries, the state folder, limits, ports, clock, CPUs and memory. Changes \
            nothing. The exit code is 1 when something must be mended.

            Example:
              picoml doctor --state /var/lib/picoml
            """)

    @OptionGroup var coordinator: CoordinatorOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let doctor = Doctor(
            state: Access.state(coordinator.wishes, environment: environment),
            ownsPorts: await hasCoordinator)
        let findings = doctor.examine()
        try output.show(findings) { DoctorView.text(findings, on: $0) }
        if findings.contains(where: { $0.level == .problem }) {
            throw ExitCode(CommandStatus.failed.rawValue)
        }
    }

    /// Whether a coordinator answers, which then is what uses the ports.
    private var hasCoordinator: Bool {
        // Having none is no error here.
        get async { (try? await coordinator.client().health()) != nil }
    }
}
