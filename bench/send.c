/* Sends made events to a server through its tracking door.
 *
 *     bench_send PORT WRITE_KEY FILE FIRST COUNT BATCH CLIENTS RATE
 *
 * COUNT events of FILE from the FIRST on, BATCH in a request, CLIENTS connections that each wait for their answer. With
 * RATE 0 as fast as they are acknowledged and with the times of the file; with a RATE that many a second, as if they
 * happened now, over and over until COUNT is reached or SIGTERM comes. Prints one line of JSON.
 */
#include "names.h"
#include "wire.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 256, EVENT_ROOM = 400, HEAD_ROOM = 512, DELAYS_MAX = 1 << 20 };

struct client {
    pthread_t thread;
    int socket;
    char *room; /* a head, then a body */
    uint64_t *delays_ns;
    long requests, events, failed, late;
};

static const struct record *records;
static long record_count, first, wanted, batch, rate;
static int port;
static const char *key;
static uint64_t begun_ns;
static atomic_long taken;
static atomic_bool ended;

static void end(int signal)
{
    (void)signal;
    atomic_store(&ended, true);
}

static char *put(char *out, const char *text)
{
    size_t length = strlen(text);
    memcpy(out, text, length);
    return out + length;
}

static char *put_number(char *out, uint64_t number, int width)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || count < width);
    while (count > 0) {
        *out++ = digits[--count];
    }
    return out;
}

/* 2026-11-21T08:30:10.123Z; the days by Hinnant's algorithm. */
static char *put_time(char *out, int64_t at_ms)
{
    int64_t days = at_ms / 86400000 + 719468, rest = at_ms % 86400000;
    int64_t era = days / 146097, day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t in_year = day - (365 * year + year / 4 - year / 100), shifted = (5 * in_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    out = put_number(out, (uint64_t)(year + era * 400 + (month <= 2)), 4);
    *out++ = '-';
    out = put_number(out, (uint64_t)month, 2);
    *out++ = '-';
    out = put_number(out, (uint64_t)(in_year - (153 * shifted + 2) / 5 + 1), 2);
    *out++ = 'T';
    out = put_number(out, (uint64_t)(rest / 3600000), 2);
    *out++ = ':';
    out = put_number(out, (uint64_t)(rest / 60000 % 60), 2);
    *out++ = ':';
    out = put_number(out, (uint64_t)(rest / 1000 % 60), 2);
    *out++ = '.';
    out = put_number(out, (uint64_t)(rest % 1000), 3);
    return put(out, "Z");
}

static char *put_event(char *out, const struct record *record, int64_t at_ms, long number)
{
    out = put(out, "{\"type\":\"track\",\"event\":\"");
    out = put(out, kind_names[record->kind]);
    out = put(out, "\",\"userId\":\"P");
    out = put_number(out, record->person, 7);
    out = put(out, "\",\"timestamp\":\"");
    out = put_time(out, at_ms);
    out = put(out, rate > 0 ? "\",\"messageId\":\"live-" : "\",\"messageId\":\"made-");
    if (rate > 0) {
        out = put_number(out, (uint64_t)getpid(), 0);
        *out++ = '-';
    }
    out = put_number(out, (uint64_t)number, 0);
    out = put(out, "\",\"properties\":{\"channel\":\"");
    out = put(out, channel_names[record->channel]);
    out = put(out, "\",\"touchpoint\":\"t");
    out = put_number(out, record->touchpoint, 2);
    if (record->metric > 0) {
        out = put(out, "\",\"metric\":\"");
        out = put(out, metric_names[record->metric]);
        out = put(out, "\",\"score\":");
        out = put_number(out, record->score, 0);
    } else if (record->amount > 0) {
        out = put(out, "\",\"currency\":\"VND\",\"total\":");
        out = put_number(out, record->amount, 0);
    } else {
        *out++ = '"';
    }
    return put(out, "}}");
}

/* Writes the request with the events from `number` on; where it begins, and its length. */
static const char *write_request(struct client *client, long number, long count, size_t *length)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    char *body = client->room + HEAD_ROOM, *out = put(body, "{\"batch\":[");
    for (long i = number; i < number + count; i++) {
        const struct record *record = &records[(first + i) % record_count];
        if (i > number) {
            *out++ = ',';
        }
        out = put_event(out, record, rate > 0 ? now_ms : record->at_ms, first + i);
    }
    out = put(put(put(out, "],\"writeKey\":\""), key), "\"}");
    char head[HEAD_ROOM];
    int head_length = snprintf(head, sizeof head,
                               "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                               "Content-Length: %td\r\n\r\n",
                               port, out - body);
    memcpy(body - head_length, head, (size_t)head_length); // its length is known last
    *length = (size_t)(out - body + head_length);
    return body - head_length;
}

/* Waits until a batch is due; a sender that cannot keep up is told apart from a slow server. */
static void wait_until_due(struct client *client, long number)
{
    uint64_t due = begun_ns + (uint64_t)((double)number / (double)rate * 1e9), now = now_ns();
    if (now < due) {
        struct timespec pause = {(time_t)((due - now) / 1000000000u), (long)((due - now) % 1000000000u)};
        nanosleep(&pause, NULL);
    } else if (now - due > 1000000000u) {
        client->late++;
    }
}

static void *work(void *of)
{
    struct client *client = of;
    while (!atomic_load(&ended)) {
        long number = atomic_fetch_add(&taken, batch);
        if (number >= wanted) {
            break;
        }
        long count = wanted - number < batch ? wanted - number : batch;
        if (rate > 0) {
            wait_until_due(client, number);
        }
        size_t length;
        const char *request = write_request(client, number, count, &length);
        uint64_t sent_ns = now_ns();
        send_all(client->socket, request, length);
        if (read_answer(client->socket) == 200) {
            client->events += count;
        } else {
            client->failed++;
        }
        client->delays_ns[client->requests++ % DELAYS_MAX] = now_ns() - sent_ns;
    }
    return NULL;
}

static void report(const struct client *clients, int count, double seconds)
{
    long requests = 0, events = 0, failed = 0, late = 0, filled = 0;
    for (int i = 0; i < count; i++) {
        requests += clients[i].requests;
        events += clients[i].events;
        failed += clients[i].failed;
        late += clients[i].late;
    }
    uint64_t *all = calloc((size_t)requests + 1, sizeof *all);
    for (int i = 0; i < count; i++) {
        long kept = clients[i].requests < DELAYS_MAX ? clients[i].requests : DELAYS_MAX;
        memcpy(all + filled, clients[i].delays_ns, (size_t)kept * sizeof *all);
        filled += kept;
    }
    sort_delays(all, filled);
    printf("{\"events\":%ld,\"requests\":%ld,\"failed\":%ld,\"late\":%ld,\"seconds\":%.3f,\"per_second\":%.0f,"
           "\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
           events, requests, failed, late, seconds, (double)events / seconds, (double)all[filled / 2] / 1e6,
           (double)all[filled * 99 / 100] / 1e6);
    free(all);
}

static void map_records(const char *path)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &stat) != 0) {
        stop(path);
    }
    record_count = stat.st_size / (long)sizeof *records;
    records = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (records == MAP_FAILED) {
        stop(path);
    }
    close(fd);
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    if (argc != 9) {
        fprintf(stderr, "bench_send PORT WRITE_KEY FILE FIRST COUNT BATCH CLIENTS RATE\n");
        return 2;
    }
    port = (int)strtol(argv[1], NULL, 10);
    key = argv[2];
    map_records(argv[3]);
    first = strtol(argv[4], NULL, 10);
    wanted = strtol(argv[5], NULL, 10);
    batch = strtol(argv[6], NULL, 10);
    rate = strtol(argv[8], NULL, 10);
    int count = (int)strtol(argv[7], NULL, 10);
    if (batch < 1 || count < 1 || count > CLIENTS_MAX || record_count < 1) {
        return 2;
    }
    signal(SIGTERM, end);
    for (int i = 0; i < count; i++) {
        clients[i] = (struct client){.socket = dial(port),
                                     .room = malloc(HEAD_ROOM + 256 + (size_t)batch * EVENT_ROOM),
                                     .delays_ns = calloc(DELAYS_MAX, sizeof(uint64_t))};
    }
    begun_ns = now_ns();
    for (int i = 0; i < count; i++) {
        pthread_create(&clients[i].thread, NULL, work, &clients[i]);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
    }
    report(clients, count, (double)(now_ns() - begun_ns) / 1e9);
    return 0;
}
