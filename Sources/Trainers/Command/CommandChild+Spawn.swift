import CLinux
import Glibc
import Vocabulary

/// How a command is started.
extension CommandChild {
    static func spawn(
        _ words: [String], in folder: String, environment: [String: String], channel: Int32,
        output: Int32?
    ) throws(TrialEnd) -> pid_t {
        guard let name = words.first, !name.isEmpty else {
            throw .failed(.badCode, message: "The command has no program.")
        }
        let path = try find(name, in: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        unsafe posix_spawn_file_actions_adddup2(&actions, channel, channelDescriptor)
        // What this process has open, such as its channel to the worker, is not for the command.
        _ = unsafe picoml_spawn_closing_from(&actions, channelDescriptor + 1)
        guard unsafe picoml_spawn_in_folder(&actions, folder) == 0 else {
            throw .error("The command cannot be started in \(folder).")
        }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        // The HTTP server ignores SIGPIPE, which a command would inherit: pipelines in a shell
        // script would never end.
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&signals, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        // No group of its own: the worker ends the one of this process with everything in it.
        unsafe posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var process = pid_t()
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let status = unsafe withCStrings(words) { words in
            unsafe withCStrings(variables) { variables in
                unsafe posix_spawn(&process, path, &actions, &attributes, words, variables)
            }
        }
        guard status == 0 else { throw failure(of: name, in: folder, status) }
        return process
    }

    /// The path of the program `name`: searched for in `path` here, because `posix_spawnp` would
    /// search in the variable of this process instead of the command's.
    private static func find(_ name: String, in path: String) throws(TrialEnd) -> String {
        guard !name.contains("/") else { return name }
        for folder in path.split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
        }
        throw .failed(
            .badCode,
            message: "The program \"\(name)\" of the command is in no folder of PATH (\(path)). "
                + "A program of the code itself is written ./\(name).")
    }

    private static func failure(of name: String, in folder: String, _ status: Int32) -> TrialEnd {
        let reason = unsafe String(cString: strerror(status))
        let message = "The program \"\(name)\" of the command cannot be started in \(folder): "
        switch status {
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

    @unsafe private static func withCStrings(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
    ) -> Int32 {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}
