// SPDX-License-Identifier: MIT

#ifndef CSMMFGUARD_H
#define CSMMFGUARD_H

/// Runs one engine so that it can never outlive its supervisor.
///
///     smmf __guard [--grace-ms N] [--cores LIST] [--nice N] [--data-limit BYTES] [--group FOLDER] -- COMMAND [ARGUMENT…]
///
/// - standard input is the lifeline and takes commands, one a line: `stop <grace-ms>` and `kill`.
///   End of file means that the supervisor is gone, by whatever means, and ends the engine within three seconds.
/// - standard output is given to the engine as its output and its errors; the guard never writes to it.
/// - standard error is the guard's own: one line, `started <pid>`, or `failed <error number> <its text>` and exit
///   code 127 when the command cannot be started, or `refused <option> <error number> <its text>` when the system does
///   not let it have a limit. Before its end it adds `memory` when the kernel has killed one of the engine's processes
///   for the memory limit of its group.
/// - `--cores` are the processor cores to run on, as `0-3,8`; `--nice` steps back behind other processes;
///   `--data-limit` bounds the data of each process (RLIMIT_DATA); `--group` is a control group of its own, made with
///   its limits before, into which the engine goes and which the guard removes.
///
/// The guard leaves when no process of the engine is left, with the engine's exit code, or 128 + n for signal n.
/// It must be called before the process has started a thread.
int smmf_guard_main(int argc, char **argv);

#endif
