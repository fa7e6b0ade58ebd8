#define _GNU_SOURCE

#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

int picoml_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

// The system call itself, because glibc has a wrapper only since 2.36. The kernel sets
// close-on-exec on its own.
int picoml_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

int picoml_set_parent_death_signal(int signal) {
    return prctl(PR_SET_PDEATHSIG, (unsigned long)signal, 0UL, 0UL, 0UL);
}

int picoml_signalfd(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int index = 0; index < count; index++) {
        if (sigaddset(&set, signals[index]) != 0) {
            return -1;
        }
    }
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) {
        errno = error;
        return -1;
    }
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int picoml_signalfd_read(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t size;
    do {
        size = read(descriptor, &information, sizeof information);
    } while (size == -1 && errno == EINTR);
    if (size == -1) {
        return -1;
    }
    if (size != sizeof information) {
        errno = EIO;
        return -1;
    }
    return (int)information.ssi_signo;
}

enum { most_cpus = 8192, word_bits = 8 * sizeof(unsigned long) };

int picoml_allowed_cpus(unsigned *numbers, int most) {
    unsigned long mask[most_cpus / word_bits];
    memset(mask, 0, sizeof mask);
    if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0) {
        return -1;
    }
    int count = 0;
    for (unsigned number = 0; number < most_cpus && count < most; number++) {
        if (mask[number / word_bits] >> number % word_bits & 1) {
            numbers[count++] = number;
        }
    }
    return count;
}

int picoml_run_on_cpus(const unsigned *numbers, int count) {
    unsigned long mask[most_cpus / word_bits];
    memset(mask, 0, sizeof mask);
    for (int index = 0; index < count; index++) {
        if (numbers[index] >= most_cpus) {
            errno = EINVAL;
            return -1;
        }
        mask[numbers[index] / word_bits] |= 1UL << numbers[index] % word_bits;
    }
    return (int)syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

unsigned long long picoml_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, sets) != 0) {
        return 0;
    }
    return (unsigned long long)sets[1].effective << 32 | sets[0].effective;
}

int picoml_set_thread_name(const char *name) {
    return prctl(PR_SET_NAME, name, 0UL, 0UL, 0UL);
}

int picoml_socketpair(int descriptors[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors);
}

int picoml_packet_socketpair(int descriptors[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, descriptors);
}

int picoml_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

int picoml_spawn_closing_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int picoml_look(int folder, const char *name, int follows, struct picoml_facts *facts) {
    struct stat found;
    int flags = AT_EMPTY_PATH | (follows ? 0 : AT_SYMLINK_NOFOLLOW);
    if (fstatat(folder, name, &found, flags) != 0) {
        return -1;
    }
    *facts = (struct picoml_facts){
        .mode = found.st_mode,
        .user = found.st_uid,
        .group = found.st_gid,
        .device = found.st_dev,
        .number = found.st_ino,
        .links = found.st_nlink,
        .size = found.st_size,
        .blocks = found.st_blocks,
    };
    return 0;
}

ssize_t picoml_send_descriptors(
    int socket, const void *bytes, size_t size, const int *descriptors, int count) {
    enum { most = 4 };
    if (count < 1 || count > most) {
        errno = EINVAL;
        return -1;
    }
    union {
        char buffer[CMSG_SPACE(sizeof(int) * most)];
        struct cmsghdr alignment;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.buffer,
        .msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count),
    };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * (size_t)count);
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent == -1 && errno == EINTR);
    return sent;
}

int picoml_punch_hole(int descriptor, off_t size) {
    return fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, size);
}

int picoml_listen(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor == -1) {
        return -1;
    }
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == -1 ||
        listen(descriptor, 1) == -1) {
        int error = errno;
        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
}

int picoml_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
