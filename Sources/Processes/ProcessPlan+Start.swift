import CLinux
import Glibc

extension ProcessPlan {
    /// Starts the process and returns its number once it executes the program.
    package func start() throws(ProcessError) -> Int32 {
        var groups: [Int32] = []
        defer { for group in groups { close(group) } }
        for file in groupFiles {
            let group = unsafe open(file, O_WRONLY | O_CLOEXEC)
            guard group >= 0 else { throw ProcessError(step: "join \(file)", number: errno) }
            groups.append(group)
        }
        let variables = environment.map { "\($0.key)=\($0.value)" }.sorted()
        let values = limits.map {
            picoml_spawn_limit(resource: $0.resource, value: $0.value)
        }
        return try unsafe withCStrings(arguments) { arguments throws(ProcessError) in
            try unsafe withCStrings(variables) { variables throws(ProcessError) in
                try unsafe startWhenWritten(arguments, variables, groups, values)
            }
        }
    }

    /// Starts the process; a program that was just written may have to wait.
    ///
    /// Between its start and its program, a process that another thread starts has a copy of every
    /// open file, those that are being written too, and Linux executes no file that is open for
    /// writing.
    @unsafe private func startWhenWritten(
        _ arguments: [UnsafeMutablePointer<CChar>?], _ variables: [UnsafeMutablePointer<CChar>?],
        _ groups: [Int32], _ limits: [picoml_spawn_limit]
    ) throws(ProcessError) -> pid_t {
        for pause in [1, 2, 4, 8, 16, 32] as [Int32] {
            do throws(ProcessError) {
                return try unsafe start(arguments, variables, groups, limits)
            } catch {
                guard error.number == ETXTBSY else { throw error }
            }
            _ = poll(nil, 0, pause)
        }
        return try unsafe start(arguments, variables, groups, limits)
    }

    @unsafe private func start(
        _ arguments: [UnsafeMutablePointer<CChar>?], _ variables: [UnsafeMutablePointer<CChar>?],
        _ groups: [Int32],
        _ limits: [picoml_spawn_limit]
    ) throws(ProcessError) -> pid_t {
        let program = unsafe strdup(program)
        let folder = unsafe folder.map { unsafe strdup($0) } ?? nil
        defer {
            unsafe free(program)
            unsafe free(folder)
        }
        var settings = unsafe settings
        unsafe settings.descriptor_count = Int32(descriptors.count)
        unsafe settings.group_count = Int32(groups.count)
        unsafe settings.limit_count = Int32(limits.count)
        unsafe settings.cpu_count = Int32(cores.count)
        let furtherGroups = user?.furtherGroups ?? []
        unsafe settings.further_group_count = Int32(furtherGroups.count)
        var step: UnsafePointer<CChar>?
        // What the plan points to lives until the process was started.
        let process = unsafe arguments.withUnsafeBufferPointer { arguments in
            unsafe variables.withUnsafeBufferPointer { variables in
                unsafe descriptors.withUnsafeBufferPointer { descriptors in
                    unsafe groups.withUnsafeBufferPointer { groups in
                        unsafe limits.withUnsafeBufferPointer { limits in
                            unsafe cores.withUnsafeBufferPointer { cores in
                                unsafe furtherGroups.withUnsafeBufferPointer { furtherGroups in
                                    var plan = unsafe settings
                                    unsafe plan.program = UnsafePointer(program)
                                    unsafe plan.folder = UnsafePointer(folder)
                                    unsafe plan.arguments = arguments.baseAddress
                                    unsafe plan.environment = variables.baseAddress
                                    unsafe plan.descriptors = descriptors.baseAddress
                                    unsafe plan.groups = groups.baseAddress
                                    unsafe plan.limits = limits.baseAddress
                                    unsafe plan.cpus = cores.baseAddress
                                    unsafe plan.further_groups = furtherGroups.baseAddress
                                    return unsafe picoml_spawn(&plan, &step)
                                }
                            }
                        }
                    }
                }
            }
        }
        let number = errno
        guard process >= 0 else {
            let name = unsafe step.map { unsafe String(cString: $0) } ?? "start"
            throw ProcessError(step: name, number: number)
        }
        return process
    }

    /// All of the plan that points nowhere.
    @unsafe private var settings: picoml_spawn_plan {
        var plan = unsafe picoml_spawn_plan()
        unsafe plan.file_mask = fileMask.map { Int32($0) } ?? -1
        unsafe plan.leads_group = leadsGroup ? 1 : 0
        unsafe plan.leads_session = leadsSession ? 1 : 0
        unsafe plan.ends_with_parent = endsWithParent ? 1 : 0
        unsafe plan.keeps_privileges = keepsPrivileges ? 1 : 0
        if let user {
            unsafe plan.changes_user = 1
            unsafe plan.user = user.number
            unsafe plan.group = user.group
        }
        return unsafe plan
    }

    @unsafe private func withCStrings(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) throws(ProcessError) -> pid_t
    ) throws(ProcessError) -> pid_t {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return try unsafe body(pointers)
    }
}
