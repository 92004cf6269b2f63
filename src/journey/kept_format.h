/* The sections of the index's snapshot; only its reader and writer include this. */
#pragma once

#include "journey/index_layers.h"
#include "journey/kept.h"
#include "store/snapshot.h"

#define KEPT_NAME INDEX_KEPT

struct kept {
    pthread_mutex_t writing; /* one at a time; taken before `lock` */
    pthread_mutex_t lock;    /* over what follows, and what the file is */
    char *folder;
    u8 key[HASH_KEY_LEN];
    u64 drops; /* how often the file was removed */
    bool any;  /* there is a file */
    i64 rows;  /* of its base */
    u64 base;  /* the generation of the base it is of; UINT64_MAX: of an earlier run */
};

enum kept_section {
    KEPT_INFO = 1,
    KEPT_AT,
    KEPT_IDS,
    KEPT_RUN_ALIAS,
    KEPT_RUN_START,
    KEPT_RUN_ID,   /* the lasting id of a run's alias; 0: nobody */
    KEPT_ANSWERED, /* bits, and the counts before them */
    KEPT_ANSWERED_BEFORE,
    KEPT_VOICED,
    KEPT_VOICED_BEFORE,
    KEPT_PRICED,
    KEPT_PRICED_BEFORE,
    KEPT_SCORES,
    KEPT_AMOUNTS,
    KEPT_NUMBERS,
    KEPT_PROPS,
    KEPT_PROP_NAMES, /* lengths, then bytes: as all lists of texts */
    KEPT_PROP_NAMES_BYTES,
    KEPT_FACTS,
    KEPT_FACT_NAMES,
    KEPT_FACT_NAMES_BYTES,
    KEPT_WORDS = 32,  /* and the word */
    KEPT_TEXTS = 64,  /* and twice the word */
    KEPT_PROP = 256,  /* and four times the property: codes, texts */
    KEPT_FACT = 1024, /* and twice the fact: its values */
};

struct kept_info {
    i64 rows, answers, voiced, amounts;
    i64 facts_upto; /* the newest event that the facts count; 0: there are none */
    u32 runs, numbers, props, facts;
    u32 texts[WORD_COUNT];
    u8 widths[WORD_COUNT], score_width;
};

struct kept_prop {
    u32 texts;
    u8 width;
};

struct kept_fact {
    i64 events;
    u32 values;
    u32 many;
};

static inline struct snapshot_stamp kept_stamp(const struct kept *kept)
{
    struct snapshot_stamp stamp = {.what = KEPT_NAME, .version = KEPT_VERSION};
    memcpy(stamp.key, kept->key, sizeof stamp.key);
    return stamp;
}
