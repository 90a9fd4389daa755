// SPDX-License-Identifier: MIT

#ifndef CSMMFGUARD_H
#define CSMMFGUARD_H

/// Runs one engine so that it can never outlive its supervisor.
///
///     smmf __guard --grace-ms N -- COMMAND [ARGUMENT…]
///
/// - standard input is the lifeline and takes commands, one a line: `stop <grace-ms>` and `kill`.
///   End of file means that the supervisor is gone, by whatever means, and ends the engine within three seconds.
/// - standard output is given to the engine as its output and its errors; the guard never writes to it.
/// - standard error is the guard's own: one line, `started <pid>`, or `failed <error number> <its text>` and exit
///   code 127 when the command cannot be started.
///
/// The guard leaves when no process of the engine is left, with the engine's exit code, or 128 + n for signal n.
/// It must be called before the process has started a thread.
int smmf_guard_main(int argc, char **argv);

#endif
