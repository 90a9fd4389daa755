// SPDX-License-Identifier: MIT
#ifdef __linux__
#define _GNU_SOURCE
#include "CSMMFSystem.h"

#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/xattr.h>

int smmf_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int smmf_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }
int smmf_port(int socket) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t length = sizeof address;
    if (getsockname(socket, &address.any, &length) < 0) return -1;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

void smmf_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

long smmf_attribute(const char *path, const char *name, void *bytes, unsigned long size) {
    return getxattr(path, name, bytes, size);
}
#endif
