// SPDX-License-Identifier: MIT

#define _GNU_SOURCE
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

enum option { CORES = 1, NICE, DATA, GROUP };

const char *const guard_options[4] = {"cores", "nice", "data-limit", "group"};

/// One more than the highest number that a core can have.
enum { CORE_LIMIT = 1024 };

/// Reads the next range of a list and steps over it. Gives false at the end and where there is none.
static bool next_range(const char **list, long *first, long *last) {
    char *end = NULL;
    if (**list < '0' || **list > '9') {
        return false;
    }
    *first = strtol(*list, &end, 10);
    *last = *first;
    if (*end == '-') {
        if (end[1] < '0' || end[1] > '9') {
            return false;
        }
        *last = strtol(end + 1, &end, 10);
    }
    *list = *end == ',' ? end + 1 : end;
    return *first <= *last && *last < CORE_LIMIT;
}

bool guard_check_cores(const char *list) {
    long first = 0;
    long last = 0;
    bool has_any = false;
    while (next_range(&list, &first, &last)) {
        has_any = true;
    }
    return has_any && *list == '\0';
}

static bool set_cores(const char *list) {
#ifdef __linux__
    cpu_set_t set;
    CPU_ZERO(&set);
    long first = 0;
    long last = 0;
    while (next_range(&list, &first, &last)) {
        for (long core = first; core <= last; core++) {
            CPU_SET((size_t)core, &set);
        }
    }
    return sched_setaffinity(0, sizeof set, &set) == 0;
#else
    (void)list;
    errno = ENOTSUP;
    return false;
#endif
}

/// Both generations of control groups take the number 0 for the process that writes it.
static bool enter_group(const char *folder) {
    char path[4096];
    size_t length = strlen(folder);
    const char file[] = "/cgroup.procs";
    if (length + sizeof file > sizeof path) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(path, folder, length);
    memcpy(path + length, file, sizeof file);
    int procs = open(path, O_WRONLY | O_CLOEXEC);
    if (procs < 0) {
        return false;
    }
    ssize_t count = write(procs, "0", 1);
    int saved = errno;
    close(procs);
    errno = saved;
    return count == 1;
}

int guard_apply(const struct guard_limits *limits) {
    if (limits->group != NULL && !enter_group(limits->group)) {
        return GROUP;
    }
    if (limits->cores != NULL && !set_cores(limits->cores)) {
        return CORES;
    }
    if (limits->nice != 0 && setpriority(PRIO_PROCESS, 0, (int)limits->nice) != 0) {
        return NICE;
    }
    if (limits->data != 0) {
        struct rlimit limit = {.rlim_cur = (rlim_t)limits->data, .rlim_max = (rlim_t)limits->data};
        if (setrlimit(RLIMIT_DATA, &limit) != 0) {
            return DATA;
        }
    }
    return 0;
}

/// Where the second generation of control groups counts such kills, and where the first does.
bool guard_group_was_short(const char *folder) {
    const char *files[] = {"memory.events", "memory.oom_control"};
    for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
        char path[4096];
        char line[128];
        snprintf(path, sizeof path, "%s/%s", folder, files[index]);
        FILE *file = fopen(path, "r");
        if (file == NULL) {
            continue;
        }
        long kills = 0;
        while (fgets(line, sizeof line, file) != NULL) {
            if (sscanf(line, "oom_kill %ld", &kills) == 1) {
                break;
            }
        }
        fclose(file);
        if (kills > 0) {
            return true;
        }
    }
    return false;
}

void guard_remove_group(const char *folder) {
    const struct timespec pause = {.tv_nsec = 10000000};
    // The kernel lets go of the last process a moment after it was collected.
    for (int attempt = 0; attempt < 100 && rmdir(folder) != 0 && errno == EBUSY; attempt++) {
        nanosleep(&pause, NULL);
    }
}
