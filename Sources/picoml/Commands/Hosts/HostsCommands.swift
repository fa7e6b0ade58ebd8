import ArgumentParser
import Client
import ConfigurationFiles
import Hosts

/// `picoml hosts up`.
struct HostsUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Bring workers up on the hosts of a file, and wait until they have joined.",
        discussion: """
            Copies this program where it is missing or another one, enrols each worker with a \
            join token made for this run, and starts it: as a service of systemd where ssh logs \
            in as root or sudo asks for no password, as a process of the user elsewhere. Workers \
            that run are left as they are. A host that fails says why and stops no other.

            Examples:
              picoml hosts up hosts.yaml
              picoml hosts up hosts.yaml oven-3 --binary picoml-aarch64
            """)

    @OptionGroup var hosts: HostsOptions
    @OptionGroup var binary: HostProgramOptions

    func run() async throws {
        let file = try hosts.read()
        let program = try binary.program()
        let client = try hosts.coordinator.client()
        // Before anything is copied: without a coordinator no worker joins.
        _ = try await client.status()
        let fleet = try hosts.fleet(file.hosts, client: client)
        let token = HostsToken(client: client, file: file, output: hosts.output)
        try hosts.show(
            try await token.with { await fleet.up(program, token: $0) }, of: fleet)
    }
}

/// `picoml hosts upgrade`.
struct HostsUpgradeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Give hosts this program one by one, each after its trials.",
        discussion: """
            The next host follows when the worker has joined again. It stops at the first that \
            fails; those behind it stay as they are. Workers and a coordinator of neighbouring \
            versions work together meanwhile.

            Example:
              picoml hosts upgrade hosts.yaml
            """)

    @OptionGroup var hosts: HostsOptions
    @OptionGroup var binary: HostProgramOptions

    func run() async throws {
        let file = try hosts.read()
        let program = try binary.program()
        let client = try hosts.coordinator.client()
        _ = try await client.status()
        let fleet = try hosts.fleet(file.hosts, client: client)
        let token = HostsToken(client: client, file: file, output: hosts.output)
        try hosts.show(
            try await token.with { await fleet.upgrade(program, token: $0) }, of: fleet)
    }
}

/// `picoml hosts status`.
struct HostsStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how the hosts of a file and their workers stand.",
        discussion: """
            Changes nothing. Without a coordinator it shows what the hosts say.

            Example:
              picoml hosts status hosts.yaml --json
            """)

    @OptionGroup var hosts: HostsOptions

    func run() async throws {
        let file = try hosts.read()
        var client: CoordinatorClient?
        do {
            let found = try hosts.coordinator.client()
            _ = try await found.status()
            client = found
        } catch let error as ClientError where error.kind == .unreachable {
            hosts.output.note("warning: \(error.message) What it knows of workers is left out.")
        }
        let fleet = try hosts.fleet(file.hosts, client: client)
        try hosts.show(await fleet.status(), of: fleet)
    }
}

/// `picoml hosts drain`.
struct HostsDrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let hosts end what they run and take nothing further.",
        discussion: """
            Returns when their workers have left; `picoml hosts up` brings them back.

            Example:
              picoml hosts drain hosts.yaml oven-1
            """)

    @OptionGroup var hosts: HostsOptions

    @Flag(help: "Return at once.")
    var noWait = false

    func run() async throws {
        let file = try hosts.read()
        let client = try hosts.coordinator.client()
        _ = try await client.status()
        let fleet = try hosts.fleet(file.hosts, client: client)
        try hosts.show(await fleet.drain(waits: !noWait), of: fleet)
    }
}

/// `picoml hosts down`.
struct HostsDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "End the workers of hosts when what they run has ended.",
        discussion: """
            Nothing starts them again but `picoml hosts up`. Program, key and cache stay on the \
            host.

            Examples:
              picoml hosts down hosts.yaml
              picoml hosts down hosts.yaml oven-3 --now
            """)

    @OptionGroup var hosts: HostsOptions

    @Flag(help: "End what they run, too: it goes on elsewhere. Needs no coordinator.")
    var now = false

    func run() async throws {
        let file = try hosts.read()
        var client: CoordinatorClient?
        if !now {
            let found = try hosts.coordinator.client()
            _ = try await found.status()
            client = found
        }
        let fleet = try hosts.fleet(file.hosts, client: client)
        try hosts.show(await fleet.down(isAtOnce: now), of: fleet)
    }
}
