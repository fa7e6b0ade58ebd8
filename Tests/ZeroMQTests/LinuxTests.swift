import CLinux
import Glibc
import Testing
import ZeroMQ

/// The C calls that the daemons use beside libzmq.
@Suite struct LinuxTests {
    @Test func `the end of a child makes its descriptor readable`() throws {
        var child: pid_t = 0
        // `cat` ends when its input does.
        let ends = try connectedPair()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("cat"), nil]
        defer { unsafe free(arguments[0]) }
        let status = unsafe posix_spawnp(&child, "cat", &actions, nil, &arguments, nil)
        try #require(status == 0)
        close(ends[1])

        let descriptor = picoml_pidfd_open(child)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var poller = Poller()
        let key = poller.add(descriptor: descriptor)
        #expect(try poller.poll(timeout: .zero) == false)
        // The child has no copy of this end, or it would wait for itself: closed on exec.
        close(ends[0])
        try poller.poll(timeout: patience)
        #expect(poller.isReadable(key) == true)
        #expect(waitpid(child, nil, 0) == child)
    }

    @Test func `a signal is read from a descriptor`() throws {
        let numbers = Shared<[Int32]>([])
        let thread = try DedicatedThread(named: "signals") {
            let descriptor = unsafe picoml_signalfd([SIGUSR2], 1)
            let before = picoml_signalfd_read(descriptor)
            pthread_kill(pthread_self(), SIGUSR2)
            numbers.value = [before, picoml_signalfd_read(descriptor)]
            close(descriptor)
        }
        thread.join()
        #expect(numbers.value == [-1, SIGUSR2])
        #expect(unsafe picoml_signalfd([-1], 1) == -1)
    }

    @Test func `the parent's death signal is checked by the kernel`() throws {
        #expect(picoml_set_parent_death_signal(0) == 0)
        #expect(picoml_set_parent_death_signal(1000) == -1)
    }

    private func connectedPair() throws -> [Int32] {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe picoml_socketpair(&ends) == 0)
        #expect(ends.allSatisfy { fcntl($0, F_GETFD) == FD_CLOEXEC })
        return ends
    }
}
