#include "journey/scan.h"

#include "base/progress.h"
#include "base/workers.h"
#include "journey/block_build.h"

enum {
    PIECE_ROWS_MIN = 1 << 16, /* less is not worth a thread's while */
    PIECES_A_THREAD = 16,     /* so that the last one to end has little more than the others */
};

enum piece_kind { PIECE_STRAIGHT, PIECE_NOBODY, PIECE_SCATTERED, PIECE_ANSWERS };

/* Runs of the base, rows of a layer, or aliases: [from, to). */
struct piece {
    enum piece_kind kind;
    i32 layer;
    i64 from, to;
};

struct scan {
    const struct asking *asking;
    const struct scanner *scanner;
    const void *self;
    struct block_source source;
    struct piece *pieces;
    i64 piece_count, piece_capacity;
    i64 next;   /* the piece that is taken next, by all threads */
    bool ended; /* a part failed: the others may stop */
    struct part **parts;
    i64 part_count;
};

/* Pieces. */

static void add_piece(struct scan *scan, struct piece piece)
{
    struct arena *arena = &scan->asking->ctx->arena;
    if (scan->piece_count == scan->piece_capacity) {
        i64 size = (i64)sizeof(struct piece), more = scan->piece_capacity * 2 + 64;
        scan->pieces = arena_grow(arena, scan->pieces, scan->piece_capacity * size, more * size,
                                  _Alignof(struct piece));
        scan->piece_capacity = more;
    }
    scan->pieces[scan->piece_count++] = piece;
}

/* The first run that begins at or behind a row. */
static u32 run_at(const struct layer *layer, i64 row)
{
    u32 low = 0, high = layer->run_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (layer->run_start[middle] < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void cut_rows(struct scan *scan, i32 layer, struct range rows, i64 piece_rows)
{
    for (i64 from = rows.from; from < rows.to; from += piece_rows) {
        add_piece(scan, (struct piece){PIECE_NOBODY, layer, from, lesser(from + piece_rows, rows.to)});
    }
}

static void cut_base(struct scan *scan, i64 piece_rows)
{
    const struct layer *base = scan->source.view->layers[0];
    u32 from = base->run_count > 0 && base->run_alias[0] == 0 ? 1 : 0;
    while (from < base->run_count) {
        u32 to = greater(run_at(base, base->run_start[from] + piece_rows), from + 1);
        add_piece(scan, (struct piece){PIECE_STRAIGHT, 0, from, to});
        from = to;
    }
}

static void cut_scattered(struct scan *scan, i64 pieces)
{
    const struct view *view = scan->source.view;
    i64 words = bits_words(view->alias_count + 1), step = words / pieces + 1;
    for (i64 from = 0; from < words; from += step) {
        i64 to = lesser(from + step, words);
        u64 any = 0;
        for (i64 word = from; word < to; word++) {
            any |= scan->source.scattered[word];
        }
        if (any != 0) {
            add_piece(scan, (struct piece){PIECE_SCATTERED, 0, from * 64, lesser(to * 64, view->alias_count + 1)});
        }
    }
}

/* Rows whoever they are of. */
static void cut_alone(struct scan *scan, i64 piece_rows)
{
    const struct view *view = scan->source.view;
    bool copies = scan->source.aside.seconds != NULL;
    if (copies) {
        const struct aside_seen *aside = &scan->source.aside;
        i64 answers = greater((aside->to - aside->from) * piece_rows / greater(view->count, 1), 1 << 13);
        for (i64 from = aside->from; from < aside->to; from += answers) {
            add_piece(scan, (struct piece){PIECE_ANSWERS, 0, from, lesser(from + answers, aside->to)});
        }
    }
    for (i32 layer = copies ? 1 : 0; layer < view->layer_count; layer++) {
        cut_rows(scan, layer, (struct range){0, (u32)view->layers[layer]->rows.count}, piece_rows);
    }
}

static void cut(struct scan *scan, i64 threads)
{
    const struct view *view = scan->source.view;
    const struct scan_limits *limits = &scan->asking->rooms->limits;
    i64 piece_rows = greater(view->count / (threads * PIECES_A_THREAD), PIECE_ROWS_MIN);
    i64 scattered = greater(lesser(view->count / PIECE_ROWS_MIN, threads * PIECES_A_THREAD), 1);
    if (limits->piece_rows > 0) {
        piece_rows = limits->piece_rows;
        scattered = view->count / piece_rows + 1;
    }
    if (scan->source.lens->alone) {
        cut_alone(scan, piece_rows);
        return;
    }
    // Gathering takes longest, so it comes first.
    cut_scattered(scan, scattered);
    for (i32 layer = 0; layer < view->layer_count; layer++) {
        cut_rows(scan, layer, layer_find(view->layers[layer], 0), piece_rows);
    }
    cut_base(scan, piece_rows);
}

/* One thread. */

struct reader {
    struct scan *scan;
    struct part *part;
    struct block_builder builder;
    struct people_aside aside;
};

static err give(struct reader *reader)
{
    struct part *part = reader->part;
    const struct block *block = &reader->builder.block;
    if (ctx_stopped(&part->ctx) || __atomic_load_n(&reader->scan->ended, __ATOMIC_RELAXED)) {
        return ERR_CANCELLED;
    }
    if (block->count > 0) {
        part->events += block->live == NULL ? block->count : bits_count(block->live, block->count);
        part->people += block->people[0].person == 0 ? 0 : block->person_count;
        TRY(reader->scan->scanner->block(part, block));
    }
    scratch_reset(&part->scratch);
    return OK;
}

static err gather(struct reader *reader, alias_no person)
{
    if (block_gather(&reader->builder, person)) {
        block_gathered(&reader->builder);
        return give(reader);
    }
    return OK;
}

static err give_gathered(struct reader *reader)
{
    block_gathered(&reader->builder);
    return give(reader);
}

static err read_straight(struct reader *reader, const struct piece *piece)
{
    reader->aside.count = 0;
    for (u32 run = (u32)piece->from; run < piece->to;) {
        run = block_straight(&reader->builder, run, (u32)piece->to, &reader->aside);
        TRY(give(reader));
    }
    if (reader->aside.count == 0) {
        return OK;
    }
    reader->builder.person_count = 0;
    for (i64 i = 0; i < reader->aside.count; i++) {
        TRY(gather(reader, reader->aside.people[i]));
    }
    return give_gathered(reader);
}

static err read_scattered(struct reader *reader, const struct piece *piece)
{
    const struct view *view = reader->scan->source.view;
    const u64 *scattered = reader->scan->source.scattered;
    reader->builder.person_count = 0;
    for (i64 word = piece->from >> 6; word * 64 < piece->to; word++) {
        for (u64 rest = scattered[word]; rest != 0; rest &= rest - 1) {
            alias_no alias = (alias_no)(word * 64 + __builtin_ctzll(rest));
            if (view->person[alias] == alias) {
                TRY(gather(reader, alias));
            }
        }
    }
    return give_gathered(reader);
}

static err read_nobody(struct reader *reader, const struct piece *piece)
{
    i64 step = reader->scan->source.rows;
    for (i64 from = piece->from; from < piece->to; from += step) {
        block_nobody(&reader->builder, piece->layer, from, lesser(from + step, piece->to));
        TRY(give(reader));
    }
    return OK;
}

static err read_answers(struct reader *reader, const struct piece *piece)
{
    i64 step = reader->scan->source.rows;
    for (i64 from = piece->from; from < piece->to; from += step) {
        block_answers(&reader->builder, from, lesser(from + step, piece->to));
        TRY(give(reader));
    }
    return OK;
}

static err read_piece(struct reader *reader, const struct piece *piece)
{
    switch (piece->kind) {
    case PIECE_STRAIGHT: return read_straight(reader, piece);
    case PIECE_NOBODY: return read_nobody(reader, piece);
    case PIECE_ANSWERS: return read_answers(reader, piece);
    default: return read_scattered(reader, piece);
    }
}

static err read_pieces(struct reader *reader)
{
    struct scan *scan = reader->scan;
    for (;;) {
        i64 next = __atomic_fetch_add(&scan->next, 1, __ATOMIC_RELAXED);
        if (next >= scan->piece_count) {
            return OK;
        }
        TRY(read_piece(reader, &scan->pieces[next]));
        progress_add(scan->asking->ctx->progress, 1);
    }
}

/* Parts. */

/* Which part failed first does not matter: all fail for the same reason, or
 * because one did. */
static void fail_part(struct scan *scan, struct part *part, err code)
{
    part->ended = code;
    if (code != OK) {
        __atomic_store_n(&scan->ended, true, __ATOMIC_RELAXED);
    }
}

static void open_part(struct scan *scan, struct part *part)
{
    part->asking = scan->asking;
    part->self = scan->self;
    part->lens = scan->source.lens;
    part->ctx.stop = scan->asking->ctx->stop;
    part->ctx.cancel = scan->asking->ctx->cancel;
    part->ctx.now_ms = scan->asking->asked_ms;
    part->state = arena_alloc(&part->ctx.arena, greater(scan->scanner->state_size, 1), 16);
}

static err begin_part(struct scan *scan, struct part *part)
{
    return scan->scanner->begin == NULL ? OK : scan->scanner->begin(part);
}

static void work(void *self, i64 worker)
{
    struct scan *scan = self;
    struct part *part = scan->parts[worker];
    struct reader reader = {.scan = scan, .part = part};
    part->took_part = true;
    reader.builder = block_builder_new(&scan->source, &part->scratch);
    err code = begin_part(scan, part);
    if (code == OK) {
        code = read_pieces(&reader);
    }
    fail_part(scan, part, code);
    block_builder_free(&reader.builder);
    mem_free(reader.aside.people);
    scratch_free(&part->scratch);
}

static void end_part(void *part)
{
    part_end(part);
}

static void open_parts(struct scan *scan, i64 count)
{
    struct ctx *ctx = scan->asking->ctx;
    scan->part_count = count;
    scan->parts = arena_new(&ctx->arena, struct part *, count);
    for (i64 i = 0; i < count; i++) {
        scan->parts[i] = arena_new(&ctx->arena, struct part, 1);
        ctx_defer(ctx, end_part, scan->parts[i]);
        open_part(scan, scan->parts[i]);
    }
}

/* The reason is told by the part that had one. */
static err fault_of(struct scan *scan)
{
    struct ctx *ctx = scan->asking->ctx;
    err code = OK;
    for (i64 i = 0; i < scan->part_count; i++) {
        const struct part *part = scan->parts[i];
        const struct fault *fault = &part->ctx.fault;
        if (part->ended != OK && fault->key != NULL) {
            (void)ctx_fail_args(ctx, part->ended, NULL, fault->key, fault->args, fault->arg_count);
            ctx->fault.pointer = str_copy(&ctx->arena, fault->pointer);
            return part->ended;
        }
        code = part->ended != OK ? part->ended : code;
    }
    return code;
}

static err merge_parts(struct scan *scan, struct part **out)
{
    struct ask_read *read = scan->asking->read;
    struct part *into = scan->parts[0];
    i64 threads = 0;
    TRY(fault_of(scan));
    for (i64 i = 0; i < scan->part_count; i++) {
        struct part *part = scan->parts[i];
        threads += part->took_part;
        read->events += part->events;
        read->people += part->people;
        if (i > 0 && part->took_part && scan->scanner->merge != NULL) {
            err code = scan->scanner->merge(into, part);
            if (code != OK) {
                into->ended = code;
                return fault_of(scan);
            }
        }
    }
    read->threads = greater(read->threads, threads);
    *out = into;
    return OK;
}

/* Copies beside the answers serve where all of them count and seconds are exact enough. */
static void look_aside(const struct asking *asking, struct block_source *source)
{
    const struct view *view = &asking->view;
    bool whole = (asking->from_ms == INT64_MIN || asking->from_ms % 1000 == 0) &&
                 (asking->to_ms == INT64_MAX || asking->to_ms % 1000 == 0);
    bool cut_small = asking->rooms->limits.piece_rows > 0; // tests go every way with few rows
    bool all = view->layer_count > 0 && view->dead[0] == NULL && source->cut_count == 0;
    if (source->lens->alone && source->lens->answers_only && whole && all &&
        !aside_look(view, 0, source->lens, cut_small ? 1 : ASIDE_ROWS_LEAST, &source->aside)) {
        source->aside.seconds = NULL;
    }
}

static const u64 *scattered_of(const struct asking *asking)
{
    if (*asking->scattered == NULL) {
        *asking->scattered = block_scattered(&asking->ctx->arena, &asking->view);
    }
    return *asking->scattered;
}

static struct scan begin(const struct asking *asking, const struct lens *lens, const struct scanner *scanner,
                         const void *self)
{
    struct scan scan = {.asking = asking, .scanner = scanner, .self = self};
    block_source_begin(&asking->ctx->arena, &asking->view, lens, lens->alone ? NULL : scattered_of(asking),
                       asking->env.cut_ids, asking->env.cut_count, &scan.source);
    look_aside(asking, &scan.source);
    if (asking->rooms->limits.block_rows > 0) {
        scan.source.rows = asking->rooms->limits.block_rows;
    }
    return scan;
}

/* Passes before the last one (`did`) each take half of the way that is left. */
static void begin_progress(const struct scan *scan, bool last)
{
    i32 pass = lesser(scan->asking->read->passes, 6);
    i32 from = 100 - (100 >> pass);
    scan->asking->read->passes++;
    progress_begin(scan->asking->ctx->progress, "events", scan->piece_count, from,
                   last ? 100 : 100 - (100 >> (pass + 1)));
}

err scan_run(const struct asking *asking, const struct lens *lens, const struct scanner *scanner, const void *self,
             struct part **out)
{
    struct scan scan = begin(asking, lens, scanner, self);
    const struct scan_limits *limits = &asking->rooms->limits;
    i64 threads = workers_count(asking->rooms->workers);
    if (limits->threads > 0) {
        threads = lesser(threads, limits->threads);
    }
    cut(&scan, threads);
    threads = greater(lesser(threads, scan.piece_count), 1);
    open_parts(&scan, threads);
    begin_progress(&scan, lens == asking->lens);
    workers_run(asking->rooms->workers, threads, work, &scan);
    return merge_parts(&scan, out);
}

err scan_people(const struct asking *asking, const struct lens *lens, const struct scanner *scanner, const void *self,
                const alias_no *people, i64 count, struct part **out)
{
    struct scan scan = begin(asking, lens, scanner, self);
    open_parts(&scan, 1);
    struct part *part = scan.parts[0];
    struct reader reader = {.scan = &scan, .part = part};
    reader.builder = block_builder_new(&scan.source, &part->scratch);
    part->took_part = true;
    err code = begin_part(&scan, part);
    for (i64 i = 0; i < count && code == OK; i++) {
        code = gather(&reader, people[i]);
    }
    if (code == OK) {
        code = give_gathered(&reader);
    }
    fail_part(&scan, part, code);
    block_builder_free(&reader.builder);
    return merge_parts(&scan, out);
}
