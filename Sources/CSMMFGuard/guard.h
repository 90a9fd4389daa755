// SPDX-License-Identifier: MIT

#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// Exit code for a command that could not be started, as shells have it.
enum { EXIT_NOT_STARTED = 127, EXIT_USAGE = 64 };

/// What the engine is held to; zero or NULL where it is not.
struct guard_limits {
    /// As the option gives it; checked by `guard_check_cores`.
    const char *cores;
    long nice;
    long long data;
    /// The folder of a control group.
    const char *group;
};

/// Whether a list of cores, such as `0-3,8`, can be read.
bool guard_check_cores(const char *list);

/// Puts the calling process under the limits. Gives 0, or with `errno` set the index plus one of the option that the
/// system refuses. Makes async-signal-safe calls only.
int guard_apply(const struct guard_limits *limits);

/// Whether the kernel has killed a process of the group for its memory.
bool guard_group_was_short(const char *folder);

/// Removes a group whose processes have ended.
void guard_remove_group(const char *folder);

/// Why a command was not started.
struct guard_failure {
    int error;
    /// The option of `guard_limits` that was refused; 0 when it is the command, else its index plus one.
    int option;
};

/// The names of the options, by index.
extern const char *const guard_options[4];

/// Starts `argv` as the leader of a session of its own, with the guard's standard output as its output and errors.
/// Gives its pid, or -1 with the reason in `*failure` when it cannot be started.
pid_t guard_spawn(char *const argv[], const struct guard_limits *limits, struct guard_failure *failure);

/// Closes every descriptor from `first` on.
void guard_close_from(int first);

/// Takes in the orphans of the engine, so that nothing it leaves behind escapes. Does nothing where the system cannot.
void guard_adopt_orphans(void);

/// Asks (`SIGTERM`) the processes that the engine left behind to end; its own group too when `with_group` is true.
void guard_terminate_leftovers(pid_t engine, bool with_group);

/// Kills the engine's group and every process that the guard has adopted.
void guard_kill_all(pid_t engine, bool engine_is_running);

#endif
