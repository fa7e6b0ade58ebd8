import Glibc
import Processes
import Vocabulary

/// How a command is started.
extension CommandChild {
    static func spawn(
        _ words: [String], in folder: String, environment: [String: String], channel: Int32?,
        output: Int32?
    ) throws(TrialEnd) -> pid_t {
        guard let name = words.first, !name.isEmpty else {
            throw .failed(.badCode, message: "The command has no program.")
        }
        let path = try find(name, in: environment["PATH"] ?? ProgramSearch.usualPath)
        // No group of its own: the worker ends the one of this process with everything in it.
        let plan = ProcessPlan(
            program: path, arguments: words, environment: environment, folder: folder,
            descriptors: [STDIN_FILENO, output ?? STDOUT_FILENO, STDERR_FILENO]
                + (channel.map { [$0] } ?? []))
        do throws(ProcessError) { return try plan.start() } catch {
            throw failure(of: name, in: folder, error)
        }
    }

    /// The path of the program `name`: searched for in `path`, the command's own variable.
    private static func find(_ name: String, in path: String) throws(TrialEnd) -> String {
        if let program = ProgramSearch.paths(of: name, in: path).first { return program }
        throw .failed(
            .badCode,
            message: "The program \"\(name)\" of the command is in no folder of PATH (\(path)). "
                + "A program of the code itself is written ./\(name).")
    }

    private static func failure(
        of name: String, in folder: String, _ error: ProcessError
    ) -> TrialEnd {
        let reason = "\(error)"
        let message = "The program \"\(name)\" of the command cannot be started in \(folder): "
        switch error.number {
        case ENOENT, ENOTDIR:
            return .failed(
                .badCode,
                message: message + "\(reason). It or the interpreter in its first line is missing.")
        case EACCES:
            return .failed(.badCode, message: message + "\(reason). Try chmod +x.")
        case ENOEXEC:
            return .failed(
                .badCode,
                message: message + "\(reason). A script needs a first line such as #!/bin/sh.")
        default: return .error(message + reason)
        }
    }
}
