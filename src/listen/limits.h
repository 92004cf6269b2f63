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
};
