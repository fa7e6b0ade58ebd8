#define _GNU_SOURCE

#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_descriptors = 8, stack_bytes = 64 * 1024 };

// What parent and child share. The parent sleeps until the child has left this memory (vfork(2)),
// so that a failure needs no pipe.
struct birth {
    const struct picoml_spawn_plan *plan;
    pid_t parent;
    const char *step;
    int error;
};

static int fail(struct birth *birth, const char *step) {
    birth->step = step;
    birth->error = errno;
    return -1;
}

// Handlers would run in the memory of the parent; what it ignores is not for the child to ignore.
static void reset_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) {
        // Fails for SIGKILL, SIGSTOP and those that glibc keeps to itself, which have no handler.
        (void)sigaction(number, &action, NULL);
    }
}

static int place_descriptors(const struct picoml_spawn_plan *plan) {
    int copies[most_descriptors];
    // Copied out of the way first: a number may be both wanted and taken.
    for (int index = 0; index < plan->descriptor_count; index++) {
        copies[index] = fcntl(plan->descriptors[index], F_DUPFD, plan->descriptor_count);
        if (copies[index] < 0) {
            return -1;
        }
    }
    for (int index = 0; index < plan->descriptor_count; index++) {
        if (dup2(copies[index], index) < 0) {
            return -1;
        }
    }
    return (int)syscall(SYS_close_range, (unsigned)plan->descriptor_count, ~0U, 0U);
}

// The system calls themselves: glibc's functions change the user of every thread of the process
// that they believe to be in.
static int change_user(const struct picoml_spawn_plan *plan) {
    if (syscall(SYS_setgroups, (size_t)plan->further_group_count, plan->further_groups) != 0 ||
        syscall(SYS_setresgid, plan->group, plan->group, plan->group) != 0) {
        return -1;
    }
    return (int)syscall(SYS_setresuid, plan->user, plan->user, plan->user);
}

// What a change of the user takes from root alone stays with anybody else who may change it
// (capabilities(7)), and a service can have systemd pass it on to all that it starts. Only root
// keeps what it has: it would get that back with the program.
static int give_up_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (geteuid() == 0) {
        return 0;
    }
    if (syscall(SYS_capget, &header, sets) != 0) {
        return -1;
    }
    __u32 any = 0;
    for (int index = 0; index < _LINUX_CAPABILITY_U32S_3; index++) {
        any |= sets[index].permitted | sets[index].inheritable;
    }
    memset(sets, 0, sizeof sets);
    return any == 0 ? 0 : (int)syscall(SYS_capset, &header, sets);
}

static int prepare(struct birth *birth) {
    const struct picoml_spawn_plan *plan = birth->plan;
    reset_signals();
    if (plan->leads_session ? setsid() < 0 : plan->leads_group && setpgid(0, 0) != 0) {
        return fail(birth, "lead a process group");
    }
    for (int index = 0; index < plan->group_count; index++) {
        if (write(plan->groups[index], "0", 1) != 1) {
            return fail(birth, "join a control group");
        }
    }
    // After the groups, whose sets of CPUs count too. A host that does not let it be so only costs
    // speed.
    if (plan->cpu_count > 0) {
        (void)picoml_run_on_cpus(plan->cpus, plan->cpu_count);
    }
    for (int index = 0; index < plan->limit_count; index++) {
        rlim_t value = plan->limits[index].value;
        struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
        if (setrlimit((__rlimit_resource_t)plan->limits[index].resource, &limit) != 0) {
            return fail(birth, "set a limit");
        }
    }
    if (plan->file_mask >= 0) {
        (void)umask((mode_t)plan->file_mask);
    }
    if (place_descriptors(plan) != 0) {
        return fail(birth, "pass on descriptors");
    }
    if (plan->changes_user && change_user(plan) != 0) {
        return fail(birth, "change the user");
    }
    if (give_up_capabilities() != 0) {
        return fail(birth, "give up capabilities");
    }
    if (plan->keeps_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) {
        return fail(birth, "give up privileges");
    }
    if (plan->folder != NULL && chdir(plan->folder) != 0) {
        return fail(birth, "enter the folder");
    }
    // After the user, whose change takes it back.
    if (plan->ends_with_parent) {
        if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) != 0) {
            return fail(birth, "end with the parent");
        }
        if (getppid() != birth->parent) {
            errno = ESRCH;
            return fail(birth, "end with the parent");
        }
    }
    return 0;
}

static int begin(void *argument) {
    struct birth *birth = argument;
    if (prepare(birth) == 0) {
        sigset_t none;
        sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)execve(birth->plan->program, birth->plan->arguments, birth->plan->environment);
        (void)fail(birth, "start");
    }
    _exit(127);
}

pid_t picoml_spawn(const struct picoml_spawn_plan *plan, const char **step) {
    struct birth birth = {.plan = plan, .parent = getpid(), .step = "start", .error = 0};
    *step = birth.step;
    if (plan->descriptor_count < 0 || plan->descriptor_count > most_descriptors) {
        errno = EINVAL;
        return -1;
    }
    void *stack = mmap(
        NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        return -1;
    }
    // A handler in the child would run in the memory of the parent.
    sigset_t all;
    sigset_t former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    pid_t child =
        clone(begin, (char *)stack + stack_bytes, CLONE_VM | CLONE_VFORK | SIGCHLD, &birth);
    int error = child < 0 ? errno : birth.error;
    if (child > 0 && error != 0) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    munmap(stack, stack_bytes);
    *step = birth.step;
    errno = error;
    return error == 0 ? child : -1;
}
