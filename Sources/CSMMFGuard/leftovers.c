// SPDX-License-Identifier: MIT

#include "guard.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

void guard_adopt_orphans(void) {
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

#ifdef __linux__

/// The parent of a process, or -1. The command's name in `stat` may hold spaces and brackets: read after the last one.
static pid_t parent_of(pid_t process) {
    char path[48];
    char text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) {
        return -1;
    }
    text[count] = '\0';
    const char *rest = strrchr(text, ')');
    int parent = -1;
    if (rest == NULL || sscanf(rest + 1, " %*c %d", &parent) != 1) {
        return -1;
    }
    return parent;
}

/// Calls `action` for every child of the guard: the engine, and the orphans that it has adopted.
static void each_child(void (*action)(pid_t child, pid_t engine, bool flag), pid_t engine, bool flag) {
    DIR *processes = opendir("/proc");
    if (processes == NULL) {
        return;
    }
    pid_t guard = getpid();
    struct dirent *entry;
    while ((entry = readdir(processes)) != NULL) {
        if (!isdigit((unsigned char)entry->d_name[0])) {
            continue;
        }
        pid_t process = (pid_t)atoi(entry->d_name);
        if (process > 1 && parent_of(process) == guard) {
            action(process, engine, flag);
        }
    }
    closedir(processes);
}

/// A group is asked once, through its leader; a member that has lost its leader is asked by itself.
static void terminate_leftover(pid_t child, pid_t engine, bool with_group) {
    pid_t group = getpgid(child);
    if (group == engine) {
        if (with_group) {
            kill(child, SIGTERM);
        }
    } else if (group == child) {
        kill(-group, SIGTERM);
    } else {
        kill(child, SIGTERM);
    }
}

static void kill_child(pid_t child, pid_t engine, bool flag) {
    (void)engine;
    (void)flag;
    pid_t group = getpgid(child);
    // A child of the guard holds the group's number in use, so it cannot have passed to a stranger.
    if (group > 1 && group != getpgrp()) {
        kill(-group, SIGKILL);
    }
    kill(child, SIGKILL);
}

void guard_terminate_leftovers(pid_t engine, bool with_group) {
    each_child(terminate_leftover, engine, with_group);
}

void guard_kill_all(pid_t engine, bool engine_is_running) {
    if (engine_is_running) {
        kill(-engine, SIGKILL);
    }
    each_child(kill_child, engine, false);
}

#else

void guard_terminate_leftovers(pid_t engine, bool with_group) {
    if (with_group) {
        kill(-engine, SIGTERM);
    }
}

void guard_kill_all(pid_t engine, bool engine_is_running) {
    (void)engine_is_running;
    kill(-engine, SIGKILL);
}

#endif
