// SPDX-License-Identifier: MIT

#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

void guard_close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0) {
        return;
    }
#endif
    long limit = sysconf(_SC_OPEN_MAX);
    if (limit < 0 || limit > 65536) {
        limit = 65536;
    }
    for (int descriptor = first; descriptor < limit; descriptor++) {
        close(descriptor);
    }
}

/// Between fork and exec only async-signal-safe calls are made.
static void become_engine(char *const argv[], const struct guard_limits *limits, pid_t guard, int report) {
    struct guard_failure failure = {0, 0};
    setsid();
#ifdef __linux__
    // The guard has one thread, so this signal means that the guard itself is gone. It may be gone already.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) {
        _exit(EXIT_NOT_STARTED);
    }
#else
    (void)guard;
#endif
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(STDOUT_FILENO, STDERR_FILENO) < 0) {
        failure.error = errno;
    } else {
        if (null > STDERR_FILENO) {
            close(null);
        }
        failure.option = guard_apply(limits);
        if (failure.option == 0) {
            execvp(argv[0], argv);
        }
        failure.error = errno;
    }
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(EXIT_NOT_STARTED);
}

pid_t guard_spawn(char *const argv[], const struct guard_limits *limits, struct guard_failure *failure) {
    int report[2];
    if (pipe(report) != 0) {
        failure->error = errno;
        return -1;
    }
    fcntl(report[0], F_SETFD, FD_CLOEXEC);
    fcntl(report[1], F_SETFD, FD_CLOEXEC);
    pid_t guard = getpid();
    pid_t engine = fork();
    if (engine == 0) {
        close(report[0]);
        become_engine(argv, limits, guard, report[1]);
    }
    failure->error = engine < 0 ? errno : 0;
    close(report[1]);
    // The pipe closes by itself when exec succeeds, and carries the error number when it does not.
    while (engine > 0 && read(report[0], failure, sizeof *failure) < 0 && errno == EINTR) {
    }
    close(report[0]);
    return failure->error == 0 ? engine : -1;
}
