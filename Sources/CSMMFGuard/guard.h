// SPDX-License-Identifier: MIT

#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/// Exit code for a command that could not be started, as shells have it.
enum { EXIT_NOT_STARTED = 127, EXIT_USAGE = 64 };

/// Starts `argv` as the leader of a session of its own, with the guard's standard output as its output and errors.
/// Gives its pid, or -1 with the error number in `*error` when it cannot be started.
pid_t guard_spawn(char *const argv[], int *error);

/// Closes every descriptor from `first` on.
void guard_close_from(int first);

/// Takes in the orphans of the engine, so that nothing it leaves behind escapes. Does nothing where the system cannot.
void guard_adopt_orphans(void);

/// Asks (`SIGTERM`) the processes that the engine left behind to end; its own group too when `with_group` is true.
void guard_terminate_leftovers(pid_t engine, bool with_group);

/// Kills the engine's group and every process that the guard has adopted.
void guard_kill_all(pid_t engine, bool engine_is_running);

#endif
