// SPDX-License-Identifier: MIT
// Linux calls that Swift's Glibc module leaves out.
#ifndef CSMMFSYSTEM_H
#define CSMMFSYSTEM_H

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/// Accepts a connection whose descriptor does not block and is not inherited by child processes.
int smmf_accept(int listener);

/// A TCP socket of this address family that does not block and is not inherited by child processes.
int smmf_socket(int family);

/// The port that a socket is bound to, or -1 with `errno`.
int smmf_port(int socket);

/// Names the calling thread, for tools that list threads; 15 characters at the most.
void smmf_name_thread(const char *name);

/// Reads an extended attribute of a file: the number of its bytes, or -1 with `errno`.
long smmf_attribute(const char *path, const char *name, void *bytes, unsigned long size);
#endif

#endif
