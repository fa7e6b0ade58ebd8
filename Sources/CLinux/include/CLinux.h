// Linux calls that Swift cannot import: their headers are outside Swift's Glibc module, or they are
// variadic. Each returns -1 and sets errno on failure; each descriptor it makes is closed on exec.
#ifndef PICOML_CLINUX_H
#define PICOML_CLINUX_H

#include <spawn.h>
#include <sys/types.h>

// A counter in the kernel that another thread can raise while this one sleeps in poll.
// Non-blocking. Here because <sys/eventfd.h> is not in Swift's Glibc module.
int picoml_eventfd(void);

// A descriptor that becomes readable when the process ends, so that one poll waits for sockets and
// children alike. Here because <sys/pidfd.h> is not in Swift's Glibc module.
int picoml_pidfd_open(pid_t process);

// Asks the kernel to send `signal` to the calling process when the thread that started it ends, so
// that no trial outlives a killed worker; 0 takes it back. A parent that ended before the call goes
// unnoticed: compare getppid() afterwards. Here because prctl is variadic.
int picoml_set_parent_death_signal(int signal);

// A descriptor that delivers the given signals, which are blocked in the calling thread first:
// otherwise their handlers would run. Call it before other threads start, because they inherit the
// mask. Non-blocking. Here because <sys/signalfd.h> is not in Swift's Glibc module.
int picoml_signalfd(const int *signals, int count);

// Takes one pending signal from a descriptor of picoml_signalfd: its number, or -1 (EAGAIN: none).
// Here because struct signalfd_siginfo is not in Swift's Glibc module.
int picoml_signalfd_read(int descriptor);

// The CPUs that the calling thread may run on, in ascending order: how many were written, `most` at
// most. Here because the macros of cpu_set_t cannot be used from Swift.
int picoml_allowed_cpus(unsigned *numbers, int most);

// Lets the calling thread, and what it starts, run on these CPUs alone; numbers below 8192.
// Here for the same reason.
int picoml_run_on_cpus(const unsigned *numbers, int count);

// The capabilities that are in force for the calling thread (capabilities(7)), a bit for each
// number. Here because glibc has no function for it.
unsigned long long picoml_capabilities(void);

// Names the calling thread for top and gdb; the kernel keeps 15 bytes.
// Here because prctl is variadic and pthread_setname_np needs _GNU_SOURCE.
int picoml_set_thread_name(const char *name);

// A connected pair of stream sockets, closed on exec from the start: a fork in another thread
// cannot leak them. Here because SOCK_CLOEXEC and SOCK_STREAM cannot be combined in Swift, which
// imports them as cases of an enumeration.
int picoml_socketpair(int descriptors[2]);

// A connected pair of sockets that keep the bounds of packets, closed on exec from the start.
// Here for the same reason.
int picoml_packet_socketpair(int descriptors[2]);

// Lets a process that is yet to be spawned start in the folder `path`; 0, or an error number.
// Here because it needs _GNU_SOURCE.
int picoml_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path);

// Closes all descriptors from `first` on in a process that is yet to be spawned; 0, or an error
// number. Here because it needs _GNU_SOURCE.
int picoml_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

// A stream socket that listens at `path` for one connection at a time; non-blocking.
// Here for the reason of picoml_socketpair.
int picoml_listen(const char *path);

// The next connection of a listening socket; non-blocking.
// Here because accept4 needs _GNU_SOURCE.
int picoml_accept(int listener);

// Frees the disk under the first `size` bytes of a file, which read as zeros from then on; its
// length stays. Here because the flags of fallocate are outside Swift's Glibc module.
int picoml_punch_hole(int descriptor, off_t size);

// Sends one packet and copies of descriptors with it, without waiting and without a signal when
// nobody listens: the packet's size, or -1. At most 4 descriptors.
// Here because the CMSG macros cannot be used from Swift.
ssize_t picoml_send_descriptors(
    int socket, const void *bytes, size_t size, const int *descriptors, int count);

// What stat(2) tells of a file. Here because several C modules declare struct stat, and which of
// them Swift takes it from depends on what else a target imports.
struct picoml_facts {
    unsigned mode;
    uid_t user;
    gid_t group;
    unsigned long long device;
    unsigned long long number;
    unsigned long long links;
    long long size;
    // Of 512 bytes, whatever the file system.
    long long blocks;
};

// Looks at `name` in the open folder, or in the current one with AT_FDCWD; at what the descriptor
// itself is when the name is empty. Follows a link only when told to.
int picoml_look(int folder, const char *name, int follows, struct picoml_facts *facts);

// A limit of setrlimit(2), soft and hard.
struct picoml_spawn_limit {
    int resource;
    unsigned long long value;
};

// How picoml_spawn starts a process. Signals get their default actions and none is blocked; a
// process that is not root has no capabilities.
struct picoml_spawn_plan {
    // The program's path, which is not searched for, and what execve(2) takes with it.
    const char *program;
    char *const *arguments;
    char *const *environment;
    // Where it starts, as the user that it runs as; NULL for here.
    const char *folder;
    // The process finds the descriptor at index i as number i, and no others; at most 8.
    const int *descriptors;
    int descriptor_count;
    // Open files cgroup.procs of the control groups that it joins.
    const int *groups;
    int group_count;
    const struct picoml_spawn_limit *limits;
    int limit_count;
    // The CPUs that it runs on, as far as the host lets it; none for those of the caller.
    const unsigned *cpus;
    int cpu_count;
    // The mask for the modes of new files; -1 to leave it.
    int file_mask;
    // Whether it leads a new process group.
    int leads_group;
    // Whether it leads a new session, and with it a process group.
    int leads_session;
    // Whether the kernel kills it when the thread that starts it ends.
    int ends_with_parent;
    // Whether neither it nor what it starts may gain privileges by executing a file.
    int keeps_privileges;
    // Whether it runs as `user`, in `group` and these further groups alone.
    int changes_user;
    uid_t user;
    gid_t group;
    const gid_t *further_groups;
    int further_group_count;
};

// Starts a process and waits until it executes the program: its number, or -1 after a failure,
// whatever of the plan failed; `step` is then what that was, such as "start". Here because only
// async-signal-safe calls may come between clone and execve, and Swift's runtime is none.
pid_t picoml_spawn(const struct picoml_spawn_plan *plan, const char **step);

#endif
