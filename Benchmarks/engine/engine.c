// SPDX-License-Identifier: MIT
//
// An inference engine for benchmarks: it speaks just enough of OpenAI's API over HTTP/1.1, on one thread, and costs so
// little that what is measured is the gateway in front of it.
//
//     engine PORT...
//     engine PORT*COUNT     the same port on COUNT addresses: 127.1.0.1, 127.1.0.2 and on, as so many instances
//
// The request says what it wants, and the answer is whole, with usage as OpenAI would give it:
//     no "stream":true               a chat completion of about 600 bytes, at once
//     "stream":true                  "max_tokens" events (64 without one), all in one write
//     pace-MS in the prompt besides  one event every MS milliseconds; pace-0 is none
// GET answers 200 with a list of one model, whatever the path, so that health checks and discovery are content.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_REQUEST = 1 << 20, MAX_TOKENS = 1 << 20, TICKS = 1 << 14, MAX_EVENTS = 1024 };

#define MEMBERS "{\"id\":\"chatcmpl-benchmark\",\"object\":\"chat.completion.chunk\",\"created\":1700000000," \
                "\"model\":\"benchmark\","
#define CHUNK "data: " MEMBERS \
              "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"finish_reason\":null}]}\n\n"
#define LAST "data: " MEMBERS "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"
#define USAGE "data: " MEMBERS "\"choices\":[],\"usage\":{\"prompt_tokens\":64,\"completion_tokens\":%d," \
              "\"total_tokens\":%d}}\n\n"
#define DONE "data: [DONE]\n\n"
#define STREAM_HEAD "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"

struct connection {
    int fd;
    char *in; // grows to a whole request, and is freed when it is answered: an open stream keeps none
    size_t have, room;
    char *out; // what the socket would not take yet
    size_t pending, sent;
    int left, total, pace, usage;       // of the paced stream
    struct connection *next, **link;    // in its tick's list, while it waits for its next token
};

static int loop_fd;
static struct connection *ticks[TICKS];
static uint64_t now_ms;

static uint64_t clock_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void unlink_tick(struct connection *c) {
    if (!c->link) return;
    *c->link = c->next;
    if (c->next) c->next->link = c->link;
    c->link = NULL;
}

static void wait_until(struct connection *c, uint64_t time) {
    struct connection **head = &ticks[time % TICKS];
    c->next = *head;
    c->link = head;
    if (c->next) c->next->link = &c->next;
    *head = c;
}

static void drop(struct connection *c) {
    unlink_tick(c);
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
}

static void *checked(void *memory) {
    if (memory) return memory;
    fputs("engine: out of memory\n", stderr);
    exit(1);
}

// Writes now what the socket takes and keeps the rest; returns -1 when the connection is gone.
static int put(struct connection *c, const char *bytes, size_t count) {
    ssize_t wrote = 0;
    if (!c->pending) {
        wrote = send(c->fd, bytes, count, MSG_NOSIGNAL);
        if (wrote < 0 && errno != EAGAIN) return -1;
        if (wrote < 0) wrote = 0;
        if ((size_t)wrote == count) return 0;
    }
    size_t rest = count - (size_t)wrote;
    char *kept = checked(malloc(c->pending + rest));
    memcpy(kept, c->out + c->sent, c->pending);
    memcpy(kept + c->pending, bytes + wrote, rest);
    free(c->out);
    c->out = kept;
    c->sent = 0;
    c->pending += rest;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(loop_fd, EPOLL_CTL_MOD, c->fd, &event);
    return 0;
}

static int put_rest(struct connection *c) {
    while (c->pending) {
        ssize_t wrote = send(c->fd, c->out + c->sent, c->pending, MSG_NOSIGNAL);
        if (wrote < 0) return errno == EAGAIN ? 0 : -1;
        c->sent += (size_t)wrote;
        c->pending -= (size_t)wrote;
    }
    free(c->out);
    c->out = NULL;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(loop_fd, EPOLL_CTL_MOD, c->fd, &event);
    return 0;
}

// Appends one event as one chunk of the chunked coding.
static size_t chunk(char *target, const char *event, size_t count) {
    int head = sprintf(target, "%zx\r\n", count);
    memcpy(target + head, event, count);
    memcpy(target + head + count, "\r\n", 2);
    return (size_t)head + count + 2;
}

static size_t stream_end(char *target, int tokens, int usage) {
    size_t at = chunk(target, LAST, sizeof LAST - 1);
    if (usage) {
        char event[512];
        int count = snprintf(event, sizeof event, USAGE, tokens, tokens + 64);
        at += chunk(target + at, event, (size_t)count);
    }
    at += chunk(target + at, DONE, sizeof DONE - 1);
    memcpy(target + at, "0\r\n\r\n", 5);
    return at + 5;
}

static int answer_burst(struct connection *c, int tokens, int usage) {
    static char *bytes; // the last answer made, as it is mostly the next one too
    static size_t count;
    static int made_tokens = -1, made_usage;
    if (tokens != made_tokens || usage != made_usage) {
        bytes = checked(realloc(bytes, (size_t)tokens * (sizeof CHUNK + 16) + 4096));
        count = sizeof STREAM_HEAD - 1;
        memcpy(bytes, STREAM_HEAD, count);
        for (int i = 0; i < tokens; i++) count += chunk(bytes + count, CHUNK, sizeof CHUNK - 1);
        count += stream_end(bytes + count, tokens, usage);
        made_tokens = tokens;
        made_usage = usage;
    }
    return put(c, bytes, count);
}

// The next token of a paced stream, or its end behind the last one.
static int step(struct connection *c) {
    char bytes[4096];
    if (c->left == 0) return put(c, bytes, stream_end(bytes, c->total, c->usage));
    c->left--;
    if (put(c, bytes, chunk(bytes, CHUNK, sizeof CHUNK - 1))) return -1;
    wait_until(c, now_ms + (uint64_t)c->pace);
    return 0;
}

static int answer_json(struct connection *c, int is_get) {
    static const char *list =
        "{\"object\":\"list\",\"data\":[{\"id\":\"benchmark\",\"object\":\"model\",\"owned_by\":\"\"}]}";
    static char answers[2][2048];
    static size_t counts[2];
    if (!counts[is_get]) {
        char body[1024];
        int length = is_get ? snprintf(body, sizeof body, "%s", list) : snprintf(body, sizeof body,
            "{\"id\":\"chatcmpl-benchmark\",\"object\":\"chat.completion\",\"created\":1700000000,"
            "\"model\":\"benchmark\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            "\"content\":\"%0300d\"},\"finish_reason\":\"stop\"}],"
            "\"usage\":{\"prompt_tokens\":64,\"completion_tokens\":64,\"total_tokens\":128}}", 0);
        counts[is_get] = (size_t)snprintf(answers[is_get], sizeof answers[0],
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s", length, body);
    }
    return put(c, answers[is_get], counts[is_get]);
}

// A whole number behind `key` and a colon, or `otherwise`.
static int number(const char *text, size_t count, const char *key, int otherwise) {
    const char *found = memmem(text, count, key, strlen(key));
    if (!found) return otherwise;
    found += strlen(key);
    while (*found == ' ' || *found == ':') found++;
    int value = atoi(found);
    return value < 0 || value > MAX_TOKENS ? otherwise : value;
}

static int answer(struct connection *c, const char *body, size_t count, int is_get) {
    int streams = memmem(body, count, "\"stream\":true", 13) || memmem(body, count, "\"stream\": true", 14);
    if (is_get || !streams) return answer_json(c, is_get);
    int usage = memmem(body, count, "include_usage", 13) != NULL;
    int tokens = number(body, count, "\"max_tokens\"", number(body, count, "\"max_completion_tokens\"", 64));
    int pace = number(body, count, "pace-", 0);
    if (pace <= 0 || pace >= TICKS) return answer_burst(c, tokens, usage);
    c->left = c->total = tokens;
    c->usage = usage;
    c->pace = pace;
    // The first token comes at once, behind its head.
    return put(c, STREAM_HEAD, sizeof STREAM_HEAD - 1) || step(c) ? -1 : 0;
}

// Answers a whole request, if there is one; returns how many bytes it had, 0 for more to come, -1 for nonsense.
static ssize_t take(struct connection *c) {
    char *end = memmem(c->in, c->have, "\r\n\r\n", 4);
    if (!end) return c->have < 65536 ? 0 : -1;
    size_t head = (size_t)(end - c->in) + 4, length = 0;
    int chunked = 0;
    char *line = memchr(c->in, '\n', head);
    for (; line && line + 1 < end; line = memchr(line, '\n', (size_t)(end - line))) {
        line++;
        if (!strncasecmp(line, "content-length:", 15)) length = (size_t)strtoul(line + 15, NULL, 10);
        if (!strncasecmp(line, "transfer-encoding:", 18)) chunked = 1;
    }
    if (length > MAX_REQUEST) return -1;
    size_t whole = head + length;
    if (chunked) { // no gateway here trails anything, so the last chunk is the end
        char *last = memmem(end + 2, c->have - head + 2, "\r\n0\r\n\r\n", 7);
        if (!last) return 0;
        whole = (size_t)(last - c->in) + 7;
    }
    if (c->have < whole) return 0;
    return answer(c, c->in + head, whole - head, !strncmp(c->in, "GET ", 4)) ? -1 : (ssize_t)whole;
}

static int readable(struct connection *c) {
    if (c->room - c->have < 4096) {
        c->room = c->room ? c->room * 2 : 8192;
        if (c->room > MAX_REQUEST + 131072) return -1;
        c->in = checked(realloc(c->in, c->room + 1));
    }
    ssize_t got = recv(c->fd, c->in + c->have, c->room - c->have, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return -1;
    if (got < 0) return 0;
    c->have += (size_t)got;
    c->in[c->have] = 0;
    while (c->have) {
        ssize_t used = take(c);
        if (used < 0) return -1;
        if (used == 0) return 0;
        c->have -= (size_t)used;
        memmove(c->in, c->in + used, c->have);
    }
    if (!c->link) return 0;
    free(c->in);
    c->in = NULL;
    c->room = 0;
    return 0;
}

static void listen_at(uint32_t host, int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(host)};
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct connection *c = checked(calloc(1, sizeof *c));
    c->fd = fd;
    c->total = -1; // a listener
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 4096)
        || epoll_ctl(loop_fd, EPOLL_CTL_ADD, fd, &event)) {
        fprintf(stderr, "engine: cannot listen on port %d: %s\n", port, strerror(errno));
        exit(1);
    }
}

static void listen_on(const char *argument) {
    const char *star = strchr(argument, '*');
    int port = atoi(argument);
    if (!star) {
        listen_at(INADDR_LOOPBACK, port);
        return;
    }
    for (int i = 0; i < atoi(star + 1); i++) {
        listen_at(0x7F010000u | (uint32_t)(i / 250) << 8 | (uint32_t)(i % 250 + 1), port);
    }
}

static void accept_all(int listener) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *c = checked(calloc(1, sizeof *c));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        c->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_ctl(loop_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

// Sends every token that is due by now.
static void run_ticks(void) {
    uint64_t now = clock_ms();
    while (now_ms < now) {
        now_ms++;
        struct connection *c = ticks[now_ms % TICKS];
        ticks[now_ms % TICKS] = NULL;
        for (struct connection *next; c; c = next) {
            next = c->next;
            c->link = NULL;
            if (step(c)) drop(c);
        }
    }
}

int main(int count, char **arguments) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    loop_fd = epoll_create1(0);
    for (int i = 1; i < count; i++) listen_on(arguments[i]);
    now_ms = clock_ms();
    puts("ready");
    fflush(stdout);
    static struct epoll_event events[MAX_EVENTS];
    while (1) {
        int ready = epoll_wait(loop_fd, events, MAX_EVENTS, 1);
        for (int i = 0; i < ready; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->total < 0) {
                accept_all(c->fd);
            } else if (events[i].events & EPOLLOUT && put_rest(c)) {
                drop(c);
            } else if (events[i].events & ~EPOLLOUT && readable(c)) {
                drop(c);
            }
        }
        run_ticks();
    }
}
