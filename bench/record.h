/* One made event as it lies in a file of `bench_generate`: 24 bytes, little-endian, in the order of time.
 *
 * ClickHouse reads the file as RowBinary, DuckDB the text that `bench_generate csv` makes of it, Chạm the JSON that
 * `bench_send` makes of it: all three hold the same rows. The codes are places in the lists of names.json.
 */
#pragma once

#include <stdint.h>

enum { KINDS = 20, ACTS = 17, CHANNELS = 8, TOUCHPOINTS = 30, METRICS = 4, NO_SCORE = 255 };

struct record {
    int64_t at_ms;
    uint32_t person;       /* 1 and up */
    uint32_t amount;       /* đồng; 0: none */
    uint8_t kind, channel; /* 0 and up */
    uint8_t touchpoint;    /* 0 and up; every event has one */
    uint8_t metric;        /* 0: no answer, then nps, csat, ces */
    uint8_t score;         /* NO_SCORE: no answer */
    uint8_t unused[3];
};
_Static_assert(sizeof(struct record) == 24, "the files hold 24 bytes an event");
