import ArgumentParser

/// `picoml completion`: scripts that let a shell complete commands and options.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a script that completes picoml's commands in your shell.",
        discussion: """
            Bash:  picoml completion bash > ~/.local/share/bash-completion/completions/picoml
            Zsh:   picoml completion zsh > a folder of $fpath, under the name _picoml
            Fish:  picoml completion fish > ~/.config/fish/completions/picoml.fish
            """)

    private enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish
    }

    @Argument(help: "The shell.")
    private var shell: Shell

    func run() throws {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        print(Picoml.completionScript(for: kind))
    }
}
