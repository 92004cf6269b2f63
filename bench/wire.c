#include "wire.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { ANSWER_MAX = 16384 };

uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

_Noreturn void stop(const char *what)
{
    perror(what);
    exit(1);
}

int dial(int port)
{
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        stop("connect");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            stop("send");
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

int read_answer(int fd)
{
    char answer[ANSWER_MAX];
    size_t length = 0;
    for (;;) {
        ssize_t got = recv(fd, answer + length, sizeof answer - 1 - length, 0);
        if (got <= 0) {
            stop("recv");
        }
        length += (size_t)got;
        answer[length] = 0;
        char *body = strstr(answer, "\r\n\r\n");
        char *declared = body != NULL ? strcasestr(answer, "\r\ncontent-length:") : NULL;
        if (declared != NULL && length >= (size_t)(body + 4 - answer) + strtoul(declared + 17, NULL, 10)) {
            return (int)strtol(answer + 9, NULL, 10);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

void sort_delays(uint64_t *delays_ns, long count)
{
    qsort(delays_ns, (size_t)count, sizeof *delays_ns, by_size);
}
