/* Sends batches of events to a server as fast as it acknowledges them.
 *
 *     bench_load PORT WRITE_KEY EVENTS_A_BATCH CLIENTS EVENTS
 *
 * Every client is a thread with one connection that it keeps, and waits for each
 * answer before it sends the next batch. The bodies are made beforehand; only the message ids
 * change, in place, so that the machine's time goes to the server. Prints one line of JSON.
 */
#include "wire.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLIENTS_MAX = 512, PEOPLE = 5000, ID_LEN = 20 };

struct client {
    pthread_t thread;
    int number, socket, port, batch;
    const char *key;
    char *request; /* head and body */
    size_t length;
    size_t *ids; /* where the message ids stand */
    uint64_t *delays_ns;
    long requests, failed;
};

static atomic_long left; /* events nobody has taken yet */

static const char *const products[] = {"Nồi cơm điện Hiên 1,8 lít", "Chảo chống dính Lá Sen 28 cm",
                                       "Nước giặt thảo mộc 3,5 lít"};
static const char *const events[] = {"Product Viewed", "Product Added", "Order Completed", "Order Delivered"};

/* One event as the official Node client writes it. */
static size_t write_event(struct client *client, char *out, size_t room, int index, size_t *id)
{
    unsigned person = (unsigned)(client->number * 7919 + index * 31) % PEOPLE;
    int kind = index % 4;
    int before = snprintf(
        out, room,
        "{\"type\":\"track\",\"event\":\"%s\",\"userId\":\"KH%05u\",\"properties\":{\"channel\":\"web\","
        "\"sku\":\"NC%02d\",\"product\":\"%s\",\"category\":\"Nồi cơm điện\",\"price\":890000,\"quantity\":1,"
        "\"city\":\"Đà Nẵng\"%s},\"context\":{\"library\":{\"name\":\"@segment/analytics-node\",\"version\":"
        "\"3.1.0\"},\"locale\":\"vi-VN\"},\"integrations\":{},\"timestamp\":\"2026-11-21T08:30:%02d.123Z\","
        "\"messageId\":\"node-next-",
        events[kind], person, index % 90 + 10, products[index % 3],
        kind == 2 ? ",\"total\":890000,\"currency\":\"VND\"" : "", index % 60);
    *id = (size_t)before;
    int after = snprintf(out + before, room - (size_t)before, "%0*d\"}", ID_LEN, 0);
    return (size_t)(before + after);
}

static void prepare(struct client *client)
{
    size_t room = (size_t)client->batch * 1024 + 4096;
    char *body = malloc(room);
    client->request = malloc(room + 1024);
    client->ids = calloc((size_t)client->batch, sizeof *client->ids);
    size_t length = (size_t)snprintf(body, room, "{\"batch\":[");
    for (int i = 0; i < client->batch; i++) {
        if (i > 0) {
            body[length++] = ',';
        }
        size_t id;
        size_t written = write_event(client, body + length, room - length, i, &id);
        client->ids[i] = length + id;
        length += written;
    }
    length += (size_t)snprintf(body + length, room - length,
                               "],\"sentAt\":\"2026-11-21T08:31:00.000Z\",\"writeKey\":\"%s\"}", client->key);
    size_t head = (size_t)snprintf(client->request, 1024,
                                   "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                                   "Content-Length: %zu\r\n\r\n",
                                   client->port, length);
    memcpy(client->request + head, body, length);
    client->length = head + length;
    for (int i = 0; i < client->batch; i++) {
        client->ids[i] += head;
    }
    free(body);
}

static void number_messages(struct client *client)
{
    // Other runs against the same server send other numbers.
    static atomic_ulong next;
    unsigned long none = 0;
    atomic_compare_exchange_strong(&next, &none, (unsigned long)getpid() * 1000000000u + 1);
    unsigned long first = atomic_fetch_add(&next, (unsigned long)client->batch);
    for (int i = 0; i < client->batch; i++) {
        char *digits = client->request + client->ids[i] + ID_LEN;
        for (unsigned long rest = first + (unsigned long)i; rest > 0; rest /= 10) {
            *--digits = (char)('0' + rest % 10);
        }
    }
}

static void *work(void *of)
{
    struct client *client = of;
    while (atomic_fetch_sub(&left, client->batch) > 0) {
        number_messages(client);
        uint64_t begun = now_ns();
        send_all(client->socket, client->request, client->length);
        if (read_answer(client->socket) != 200) {
            client->failed++;
        }
        client->delays_ns[client->requests++] = now_ns() - begun;
    }
    return NULL;
}

static void report(struct client *clients, int count, long wanted, double seconds)
{
    long requests = 0, failed = 0, stored = 0;
    for (int i = 0; i < count; i++) {
        requests += clients[i].requests;
        failed += clients[i].failed;
    }
    uint64_t *all = malloc((size_t)requests * sizeof *all);
    long filled = 0;
    for (int i = 0; i < count; i++) {
        memcpy(all + filled, clients[i].delays_ns, (size_t)clients[i].requests * sizeof *all);
        filled += clients[i].requests;
    }
    sort_delays(all, requests);
    stored = (requests - failed) * clients[0].batch;
    printf(
        "{\"batch\":%d,\"clients\":%d,\"wanted\":%ld,\"events\":%ld,\"failed\":%ld,\"seconds\":%.3f,\"per_second\":%.0f,"
        "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"longest_ms\":%.2f}\n",
        clients[0].batch, count, wanted, stored, failed, seconds, (double)stored / seconds,
        (double)all[requests / 2] / 1e6, (double)all[requests * 99 / 100] / 1e6, (double)all[requests - 1] / 1e6);
    free(all);
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "bench_load PORT WRITE_KEY EVENTS_A_BATCH CLIENTS EVENTS\n");
        return 2;
    }
    static struct client clients[CLIENTS_MAX];
    int batch = (int)strtol(argv[3], NULL, 10), count = (int)strtol(argv[4], NULL, 10);
    long wanted = strtol(argv[5], NULL, 10);
    if (batch < 1 || count < 1 || count > CLIENTS_MAX || wanted < 1) {
        return 2;
    }
    for (int i = 0; i < count; i++) {
        clients[i] = (struct client){
            .number = i, .port = (int)strtol(argv[1], NULL, 10), .batch = batch, .key = argv[2]};
        clients[i].delays_ns = calloc((size_t)(wanted / batch + 1), sizeof(uint64_t));
        prepare(&clients[i]);
        clients[i].socket = dial(clients[i].port);
    }
    atomic_store(&left, wanted);
    uint64_t begun = now_ns();
    for (int i = 0; i < count; i++) {
        pthread_create(&clients[i].thread, NULL, work, &clients[i]);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
    }
    report(clients, count, wanted, (double)(now_ns() - begun) / 1e9);
    return 0;
}
