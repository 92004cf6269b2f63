/* What the programs that send events share: a connection that is kept, requests and answers on it, delays. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t now_ns(void);
_Noreturn void stop(const char *what);

/* A connection to a port of this machine. */
int dial(int port);
void send_all(int fd, const char *bytes, size_t length);

/* Reads one answer; its status. */
int read_answer(int fd);

/* Orders delays. */
void sort_delays(uint64_t *delays_ns, long count);
