// SPDX-License-Identifier: MIT

#include "CSMMFGuard.h"
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// What an engine gets when its supervisor is gone: with the kill that follows, nothing is left after three seconds.
enum { LOST_SUPERVISOR_GRACE_MS = 2000, DEFAULT_GRACE_MS = 10000, MAXIMUM_GRACE_MS = 3600000, KILL_AGAIN_MS = 50 };

enum phase { RUNNING, STOPPING, KILLING };

struct guard {
    pid_t engine;
    bool engine_is_running;
    int exit_code;
    enum phase phase;
    int64_t deadline;
    int64_t grace;
    bool lifeline_is_open;
    char line[64];
    size_t line_length;
};

static int wake_up[2] = {-1, -1};
static volatile sig_atomic_t was_asked_to_stop = 0;

static void on_signal(int number) {
    int saved = errno;
    if (number != SIGCHLD) {
        was_asked_to_stop = 1;
    }
    ssize_t ignored = write(wake_up[1], "", 1);
    (void)ignored;
    errno = saved;
}

static int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/// Asks the engine to end and sets the time of the kill. Asking again can only bring that time nearer.
static void stop(struct guard *guard, int64_t grace) {
    int64_t deadline = now_ms() + grace;
    if (guard->phase == RUNNING) {
        guard->phase = STOPPING;
        guard->deadline = deadline;
        if (guard->engine_is_running) {
            kill(-guard->engine, SIGTERM);
        } else {
            guard_terminate_leftovers(guard->engine, true);
        }
    } else if (guard->phase == STOPPING && deadline < guard->deadline) {
        guard->deadline = deadline;
    }
}

static void obey(struct guard *guard, const char *command) {
    long grace = 0;
    if (strcmp(command, "kill") == 0) {
        guard->phase = KILLING;
    } else if (sscanf(command, "stop %ld", &grace) == 1 && grace >= 0 && grace <= MAXIMUM_GRACE_MS) {
        stop(guard, grace);
    }
}

/// Takes what the lifeline holds. A line too long to be a command is dropped.
static void read_lifeline(struct guard *guard) {
    char bytes[256];
    ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (count <= 0) {
        guard->lifeline_is_open = false;
        stop(guard, guard->grace < LOST_SUPERVISOR_GRACE_MS ? guard->grace : LOST_SUPERVISOR_GRACE_MS);
        return;
    }
    for (ssize_t index = 0; index < count; index++) {
        if (bytes[index] != '\n') {
            if (guard->line_length < sizeof guard->line) {
                guard->line[guard->line_length++] = bytes[index];
            }
            continue;
        }
        if (guard->line_length < sizeof guard->line) {
            guard->line[guard->line_length] = '\0';
            obey(guard, guard->line);
        }
        guard->line_length = 0;
    }
}

/// Collects what has ended. Gives false when there is nothing left to wait for.
static bool reap(struct guard *guard) {
    for (;;) {
        int status = 0;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended < 0 && errno == EINTR) {
            continue;
        }
        if (ended <= 0) {
            return ended == 0;
        }
        if (ended != guard->engine) {
            continue;
        }
        guard->engine_is_running = false;
        guard->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if (guard->phase == STOPPING) {
            // Its group has had the signal already; those who left the group have not.
            guard_terminate_leftovers(guard->engine, false);
        }
    }
}

static int time_to_wait(const struct guard *guard) {
    if (guard->phase == RUNNING) {
        return -1;
    }
    if (guard->phase == KILLING) {
        return KILL_AGAIN_MS;
    }
    int64_t left = guard->deadline - now_ms();
    return left < 0 ? 0 : (int)left;
}

static void wait_for_events(struct guard *guard) {
    struct pollfd sources[2] = {
        {.fd = wake_up[0], .events = POLLIN},
        {.fd = guard->lifeline_is_open ? STDIN_FILENO : -1, .events = POLLIN},
    };
    int ready = poll(sources, 2, time_to_wait(guard));
    if (ready > 0 && sources[0].revents != 0) {
        char bytes[64];
        while (read(wake_up[0], bytes, sizeof bytes) == (ssize_t)sizeof bytes) {
        }
    }
    if (ready > 0 && sources[1].revents != 0) {
        read_lifeline(guard);
    }
    if (was_asked_to_stop) {
        was_asked_to_stop = 0;
        stop(guard, guard->grace);
    }
}

static int watch(struct guard *guard) {
    while (reap(guard)) {
        if (!guard->engine_is_running && guard->phase == RUNNING) {
            stop(guard, guard->grace);
        }
        if (guard->phase == STOPPING && now_ms() >= guard->deadline) {
            guard->phase = KILLING;
        }
        if (guard->phase == KILLING) {
            guard_kill_all(guard->engine, guard->engine_is_running);
        }
        wait_for_events(guard);
    }
    return guard->exit_code;
}

static bool catch_signals(void) {
    if (pipe(wake_up) != 0) {
        return false;
    }
    for (int end = 0; end < 2; end++) {
        fcntl(wake_up[end], F_SETFD, FD_CLOEXEC);
        fcntl(wake_up[end], F_SETFL, O_NONBLOCK);
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    const int caught[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP};
    for (size_t index = 0; index < sizeof caught / sizeof caught[0]; index++) {
        sigaction(caught[index], &action, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static bool parse_number(const char *text, long long least, long long most, long long *number) {
    char *end = NULL;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *number >= least && *number <= most;
}

/// Takes one option. Gives what it has to be when it is not, and NULL when all is well.
static const char *take_option(const char *name, const char *value, struct guard *guard, struct guard_limits *limits) {
    long long number = 0;
    if (strcmp(name, "--grace-ms") == 0) {
        bool is_good = parse_number(value, 0, MAXIMUM_GRACE_MS, &number);
        guard->grace = number;
        return is_good ? NULL : "0 to 3600000 milliseconds";
    }
    if (strcmp(name, "--cores") == 0) {
        limits->cores = value;
        return guard_check_cores(value) ? NULL : "a list of cores such as 0-3,8";
    }
    if (strcmp(name, "--nice") == 0) {
        bool is_good = parse_number(value, 0, 19, &number);
        limits->nice = (long)number;
        return is_good ? NULL : "0 to 19";
    }
    if (strcmp(name, "--data-limit") == 0) {
        return parse_number(value, 1, INT64_MAX, &limits->data) ? NULL : "a number of bytes";
    }
    if (strcmp(name, "--group") == 0) {
        limits->group = value;
        return value[0] == '/' ? NULL : "the folder of a control group";
    }
    return "--grace-ms, --cores, --nice, --data-limit or --group in its place";
}

int smmf_guard_main(int argc, char **argv) {
    struct guard guard = {.engine_is_running = true, .grace = DEFAULT_GRACE_MS, .lifeline_is_open = true};
    struct guard_limits limits = {0};
    int next = argc > 1 && strcmp(argv[1], "__guard") == 0 ? 2 : 1;
    for (; next + 1 < argc && strcmp(argv[next], "--") != 0; next += 2) {
        const char *wanted = take_option(argv[next], argv[next + 1], &guard, &limits);
        if (wanted != NULL) {
            fprintf(stderr, "smmf guard: %s takes %s, not '%s'\n", argv[next], wanted, argv[next + 1]);
            return EXIT_USAGE;
        }
    }
    if (next + 1 >= argc || strcmp(argv[next], "--") != 0) {
        fprintf(stderr, "smmf guard: usage: __guard [OPTION VALUE]... -- COMMAND [ARGUMENT...]\n");
        return EXIT_USAGE;
    }
    guard_close_from(STDERR_FILENO + 1);
    setsid();
    guard_adopt_orphans();
    struct guard_failure failure = {0, 0};
    if (!catch_signals()) {
        failure.error = errno;
    } else {
        guard.engine = guard_spawn(argv + next + 1, &limits, &failure);
    }
    if (failure.error != 0) {
        if (failure.option > 0) {
            fprintf(stderr, "refused %s %d %s\n", guard_options[failure.option - 1], failure.error,
                    strerror(failure.error));
        } else {
            fprintf(stderr, "failed %d %s\n", failure.error, strerror(failure.error));
        }
        if (limits.group != NULL) {
            guard_remove_group(limits.group);
        }
        return EXIT_NOT_STARTED;
    }
    fprintf(stderr, "started %d\n", (int)guard.engine);
    // Only the engine holds the output from here on: it closes when the last process of the engine has ended.
    close(STDOUT_FILENO);
    int code = watch(&guard);
    if (limits.group != NULL) {
        if (guard_group_was_short(limits.group)) {
            fprintf(stderr, "memory\n");
        }
        guard_remove_group(limits.group);
    }
    return code;
}
