#include "between.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct between {
    char host[64];
    int target, port;
    _Atomic int listener;
    pthread_t thread;
    pthread_mutex_t lock;
    enum trouble trouble;
    char words[100];
    int times, count;
    _Atomic int busy;
    _Atomic bool ending, away;
};

struct talk {
    struct between *between;
    int client;
};

static void nap(void)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    (void)nanosleep(&pause, NULL);
}

static struct sockaddr_in address_of(const char *host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((u16)port)};
    inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

static int listen_on(int port)
{
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = address_of("127.0.0.1", port);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0) {
        abort();
    }
    return listener;
}

static enum trouble trouble_of(struct between *between, const char *head)
{
    pthread_mutex_lock(&between->lock);
    enum trouble trouble = ALL_WELL;
    if (between->trouble != ALL_WELL && between->times != 0 && strstr(head, between->words) != NULL) {
        trouble = between->trouble;
        between->times -= between->times > 0;
        between->count++;
    }
    pthread_mutex_unlock(&between->lock);
    return trouble;
}

/* A whole request: head and body. */
static char *read_request(int client, size_t *len)
{
    size_t capacity = 1 << 16, have = 0, want = 0;
    char *text = malloc(capacity);
    while (want == 0 || have < want) {
        if (have + 1 >= capacity) {
            text = realloc(text, capacity *= 2);
        }
        ssize_t got = recv(client, text + have, capacity - have - 1, 0);
        if (got <= 0) {
            free(text);
            return NULL;
        }
        have += (size_t)got;
        text[have] = 0;
        char *end = want == 0 ? strstr(text, "\r\n\r\n") : NULL;
        if (end != NULL) {
            const char *length = strcasestr(text, "content-length:");
            want = (size_t)(end + 4 - text) + (length != NULL ? strtoul(length + 15, NULL, 10) : 0);
        }
    }
    *len = have;
    return text;
}

static bool send_all(int to, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(to, bytes, len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* The server's whole answer. */
static char *ask(const struct between *between, const char *request, size_t len, size_t *out)
{
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = address_of(between->host, between->target);
    size_t capacity = 1 << 16, have = 0;
    char *text = malloc(capacity);
    const char *line = strstr(request, "\r\n") + 2;
    bool fine = connect(server, (struct sockaddr *)&address, sizeof address) == 0 &&
                send_all(server, request, (size_t)(line - request)) &&
                send_all(server, "Connection: close\r\n", strlen("Connection: close\r\n")) &&
                send_all(server, line, len - (size_t)(line - request));
    while (fine) {
        if (have == capacity) {
            text = realloc(text, capacity *= 2);
        }
        ssize_t got = recv(server, text + have, capacity - have, 0);
        if (got <= 0) {
            break;
        }
        have += (size_t)got;
    }
    close(server);
    *out = have;
    return text;
}

static void say(int client, const char *body)
{
    char answer[500];
    int len = snprintf(answer, sizeof answer,
                       "HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
    (void)send_all(client, answer, (size_t)len);
}

static bool is_stalled(struct between *between)
{
    pthread_mutex_lock(&between->lock);
    bool stalled = between->trouble == STALLED;
    pthread_mutex_unlock(&between->lock);
    return stalled && !atomic_load(&between->ending);
}

static void pass(struct between *between, int client, const char *request, size_t len, enum trouble trouble)
{
    size_t answered;
    char *answer = ask(between, request, len, &answered);
    if (trouble != CUT_AFTER) {
        (void)send_all(client, answer, trouble == CUT_HALF ? answered / 2 : answered);
    }
    free(answer);
}

static void *talk(void *arg)
{
    struct talk *talk = arg;
    struct between *between = talk->between;
    size_t len;
    char *request = read_request(talk->client, &len);
    if (request != NULL) {
        enum trouble trouble = trouble_of(between, request);
        while (trouble == STALLED && is_stalled(between)) {
            nap();
        }
        switch (trouble) {
        case CUT_BEFORE: break;
        case SAYS_500: say(talk->client, "<html>bad gateway</html>"); break;
        case SAYS_BUSY: say(talk->client, "Code: 252, e.displayText() = DB::Exception: Too many parts"); break;
        default: pass(between, talk->client, request, len, trouble);
        }
    }
    free(request);
    close(talk->client);
    free(talk);
    atomic_fetch_sub(&between->busy, 1);
    return NULL;
}

static void *accept_all(void *arg)
{
    struct between *between = arg;
    while (!atomic_load(&between->ending)) {
        int client = accept(atomic_load(&between->listener), NULL, NULL);
        if (client < 0 || atomic_load(&between->away)) {
            if (client >= 0) {
                close(client);
            }
            nap();
            continue;
        }
        struct talk *talk_ = malloc(sizeof *talk_);
        *talk_ = (struct talk){between, client};
        pthread_t thread;
        atomic_fetch_add(&between->busy, 1);
        if (pthread_create(&thread, NULL, talk, talk_) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return NULL;
}

struct between *between_open(const char *host, int port)
{
    struct between *between = mem_new(sizeof *between);
    snprintf(between->host, sizeof between->host, "%s", host);
    between->target = port;
    pthread_mutex_init(&between->lock, NULL);
    int listener = listen_on(0);
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &len);
    between->port = ntohs(address.sin_port);
    atomic_store(&between->listener, listener);
    if (pthread_create(&between->thread, NULL, accept_all, between) != 0) {
        abort();
    }
    return between;
}

int between_port(const struct between *between)
{
    return between->port;
}

void between_set(struct between *between, enum trouble trouble, const char *words, int times)
{
    pthread_mutex_lock(&between->lock);
    between->trouble = trouble;
    snprintf(between->words, sizeof between->words, "%s", words);
    between->times = times;
    between->count = 0;
    pthread_mutex_unlock(&between->lock);
}

void between_away(struct between *between, bool away)
{
    if (away) {
        atomic_store(&between->away, true);
        int listener = atomic_exchange(&between->listener, -1);
        shutdown(listener, SHUT_RDWR);
        close(listener);
    } else {
        atomic_store(&between->listener, listen_on(between->port));
        atomic_store(&between->away, false);
    }
}

int between_count(struct between *between)
{
    pthread_mutex_lock(&between->lock);
    int count = between->count;
    pthread_mutex_unlock(&between->lock);
    return count;
}

void between_close(struct between *between)
{
    atomic_store(&between->ending, true);
    int listener = atomic_load(&between->listener);
    if (listener >= 0) {
        shutdown(listener, SHUT_RDWR);
    }
    pthread_join(between->thread, NULL);
    while (atomic_load(&between->busy) > 0) {
        nap();
    }
    if (listener >= 0) {
        close(listener);
    }
    pthread_mutex_destroy(&between->lock);
    mem_free(between);
}
