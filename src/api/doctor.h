/* cham doctor: looks at the configuration, the folder and both stores, and says what is well, what is doubtful, what is
 * wrong, and what to do about it. It changes nothing but for a table that it makes and removes to see whether it may. */
#pragma once

#include "api/commands.h"
#include "json/write.h"

enum verdict { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_WRONG };

struct doctor {
    struct cli *cli;
    bool json;
    struct json_writer list; /* with json: what was found so far */
    i32 worst;               /* enum verdict */
};

/* Says what was found. `key` is a sentence "doctor.CHECK.…". */
void doctor_say(struct doctor *doctor, enum verdict verdict, const char *key, const struct fault_arg *args, i32 count);

#define DOCTOR_SAY(doctor, verdict, key, ...)                                                                          \
    doctor_say((doctor), (verdict), (key), (const struct fault_arg[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}},    \
               (i32)countof(((const struct fault_arg[]){__VA_ARGS__ __VA_OPT__(, ){NULL, {NULL, 0}}})) - 1)

/* How far another clock is from ours, in milliseconds. */
void doctor_clock(struct doctor *doctor, str server, i64 apart_ms);

/* Free of all bytes, of a disk somewhere. */
void doctor_disk(struct doctor *doctor, str where, f64 free, f64 total);

/* A failure in words, which is then forgotten. */
str doctor_problem(struct doctor *doctor, err code);

/* doctor_records.c, doctor_events.c: the stores, when they are not in the folder. */
void doctor_records(struct doctor *doctor);
void doctor_events(struct doctor *doctor);
