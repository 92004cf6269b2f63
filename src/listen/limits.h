/* The limits of collecting: every number with its reason. */
#pragma once

enum {
    /* Files. */
    LINE_MAX_BYTES = 1 << 20,     /* one record of a file; the longest real one seen is 30 KB */
    COLUMNS_MAX = 2000,           /* columns of a file: wide surveys have some hundreds */
    SAMPLE_BYTES = 64 << 10,      /* what encoding and separator are guessed from */
    PREVIEW_ROWS = 20,            /* what a person looks at */
    UNZIPPED_RATIO_MAX = 200,     /* real tables pack 5 to 60 times; bombs 1,000 times */
    UNZIPPED_FREE = 64 << 20,     /* below this a high ratio does no harm */
    XLSX_ENTRIES_MAX = 10000,     /* parts of a workbook */
    XLSX_STRINGS_MAX = 256 << 20, /* bytes of shared strings, which have to be in memory */
    XLSX_PART_MAX = 16 << 20,     /* small parts: workbook, relations, styles */
    IMPORT_BATCH = 1000,          /* events of one submission: the fsync is shared by them */
    REASONS_MAX = 200,            /* distinct reasons that are counted one by one */

    /* Tracking: the limits that Segment documents, with room for how they count. */
    TRACK_BODY_MAX = 512 << 10,  /* a batch: 500 KB */
    TRACK_EVENT_MAX = 32 << 10,  /* one event */
    TRACK_EVENTS_MAX = 2500,     /* events of a batch */
    TRACK_CONTEXT_MAX = 8 << 10, /* context of a batch, which is written into each of its events */
    MESSAGE_ID_MAX = 100,
    TRACK_ID_MAX = 500,   /* user and anonymous ids */
    TRACK_WORD_MAX = 500, /* event names, channels, places … */

    /* How much of the queue one key may hold is the log's rule (events/log.h); keys are counted apart in so many places. Two of a
     * hundred keys that fall into the same place share one share, which hurts only beside a flood of one of them. */
    SHARES = 4096,

    /* Names that one key may bring: a careful tracking plan has some hundreds. */
    SOURCES_MAX = 256, /* keys that are counted one by one */
    EVENT_NAMES_MAX = 2000,
    PROPERTY_NAMES_MAX = 5000,
    WORDS_MAX = 20000, /* channels, places, touchpoints and questions together */

    /* The debugger. */
    DEBUG_ENTRIES = 1000,           /* the newest, kept in memory only */
    DEBUG_TOLD_MOST = 20,           /* of a second, to other processes: a person reads no more */
    DEBUG_KEEP_MS = 60 * 60 * 1000, /* personal data: gone after an hour */
};
